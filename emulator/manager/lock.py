"""One manager per stack: a lock that the kernel lets go of when its holder dies.

The lock file stays; only a lock held on it counts.
"""

import contextlib
import errno
import fcntl
import os
import time
from pathlib import Path

from stackferry.emulator.store.directories import Home

_ATTEMPTS = 100
_LOOK = 0.01


class ManagerLock:
    """Held by the manager. `acquire` gives False if another has it."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self._file: int | None = None

    def acquire(self) -> bool:
        """Take the lock, and say who has it."""
        for _ in range(_ATTEMPTS):
            self.home.directory.mkdir(parents=True, exist_ok=True, mode=0o700)
            try:
                file = os.open(self.home.lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            except FileNotFoundError:
                continue
            if _locked(file) and _is_at(file, self.home.lock):
                os.ftruncate(file, 0)
                # A full disk: nobody learns who has it, but who has it.
                with contextlib.suppress(OSError):
                    os.pwrite(file, str(os.getpid()).encode(), 0)
                self._file = file
                return True
            os.close(file)
            if manager_pid(self.home) is not None:
                return False
            # Somebody had only looked whether it is held, or the folder was taken away under it.
            time.sleep(_LOOK)
        return False

    def release(self) -> None:
        """Let go."""
        if self._file is not None:
            os.close(self._file)
            self._file = None


def _locked(file: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in (errno.EAGAIN, errno.EACCES):
            return False
        raise
    return True


def _is_at(file: int, path: Path) -> bool:
    """Whether an open file is the one at a path: a lock on one that was removed keeps nobody out."""
    try:
        there = path.stat()
    except FileNotFoundError:
        return False
    return os.path.samestat(os.fstat(file), there)


def manager_pid(home: Home) -> int | None:
    """The process id of the manager that runs; None if none does, 0 if one does and has not said."""
    try:
        file = os.open(home.lock, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return int(os.pread(file, 20, 0) or b"0")
    else:
        return None
    finally:
        os.close(file)
