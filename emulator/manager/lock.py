"""One manager per stack: a lock that the kernel releases when its holder dies.

The lock file stays; only a held lock counts. Its content names the holder, or tells that the last holder was killed: a
manager that ends on purpose removes its name.
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
    """Held by the manager. `acquire` returns False if another process holds it."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self._file: int | None = None

    def acquire(self) -> bool:
        """Take the lock, and write the holder's name into it."""
        for _ in range(_ATTEMPTS):
            self.home.directory.mkdir(parents=True, exist_ok=True, mode=0o700)
            try:
                file = os.open(self.home.lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            except FileNotFoundError:
                continue
            if _locked(file) and _is_at(file, self.home.lock):
                _sign(file, str(os.getpid()))
                self._file = file
                return True
            os.close(file)
            if manager_pid(self.home) is not None:
                return False
            # Another process was only checking whether it is held, or the folder was removed meanwhile.
            time.sleep(_LOOK)
        return False

    def resign(self) -> None:
        """Remove the name from the lock: this manager ends on purpose and was not killed."""
        if self._file is not None:
            _sign(self._file, "")

    def release(self) -> None:
        """Release the lock."""
        if self._file is not None:
            os.close(self._file)
            self._file = None


def _sign(file: int, name: str) -> None:
    """Overwrite the old name, which needs no space on a full disk. If there is no space, the holder stays unknown."""
    with contextlib.suppress(OSError):
        os.pwrite(file, name.ljust(10).encode(), 0)


def _locked(file: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in (errno.EAGAIN, errno.EACCES):
            return False
        raise
    return True


def _is_at(file: int, path: Path) -> bool:
    """Whether an open file is the one at a path: a lock on a removed file keeps nobody out."""
    try:
        there = path.stat()
    except FileNotFoundError:
        return False
    return os.path.samestat(os.fstat(file), there)


def manager_pid(home: Home) -> int | None:
    """The process id of the running manager; None if none runs, 0 if it has not written its id."""
    signed = holder(home.lock)
    return signed if signed is None else int(signed or "0")


def was_killed(home: Home) -> bool:
    """For a stack without a manager: whether the last one died with its name still in the lock."""
    return bool(signature(home.lock))


def holder(lock: Path) -> str | None:
    """What the process that holds a lock has written into it; None if the lock is free."""
    try:
        file = os.open(lock, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return os.pread(file, 20, 0).decode().strip()
    else:
        return None
    finally:
        os.close(file)


def signature(lock: Path) -> str:
    """What the last holder left in the lock file."""
    with contextlib.suppress(OSError):
        return lock.read_text(encoding="utf-8").strip()
    return ""
