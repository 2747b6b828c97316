"""A lock that lets one command at a time use a minikube profile; the kernel releases it when the holder dies.

The folder is minikube's own (`…/.minikube/stackferry/PROFILE`):
lock     locked while a command works on the profile; contains that command's process id
child    the program that the command has started, and its start time: a killed command may leave it running
scratch  temporary files of such programs
"""

import contextlib
import fcntl
import os
import shutil
import signal
import time
from collections.abc import Iterator
from pathlib import Path

from stackferry.grammar.diagnostics import StackferryError
from stackferry.grammar.lazy_dataclass import dataclass

_GRACE = 10.0
"""Seconds that a program left by a killed command gets to end."""
_LOOK = 0.05


@dataclass(frozen=True, slots=True)
class Folder:
    """The files about a profile while a command works on it."""

    path: Path

    @property
    def lock(self) -> Path:
        """The lock file."""
        return self.path / "lock"

    @property
    def scratch(self) -> Path:
        """The folder for temporary files of programs."""
        return self.path / "scratch"

    def began(self, process: int | None) -> None:
        """Record that a program has started, or with None, that it has ended."""
        if process is None:
            self._child.unlink(missing_ok=True)
        else:
            self._child.write_text(f"{process} {_born(process) or ''}", "utf-8")

    def left_behind(self) -> int | None:
        """The process id of a program that a killed command has left running."""
        try:
            process, _, born = self._child.read_text("utf-8").partition(" ")
        except OSError:
            return None
        return int(process) if process.isdigit() and born and _born(int(process)) == born else None

    @property
    def _child(self) -> Path:
        return self.path / "child"


@contextlib.contextmanager
def held(folder: Folder, profile: str) -> Iterator[None]:
    """Hold the lock of the profile. Raises StackferryError that names the process holding it."""
    folder.path.mkdir(parents=True, exist_ok=True, mode=0o700)
    file = os.open(folder.lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            holder = os.pread(file, 20, 0).decode() or "another"
            raise StackferryError(
                f"process {holder} is using the minikube profile {profile}", "wait until it has finished, or stop it"
            ) from error
        os.ftruncate(file, 0)
        os.pwrite(file, str(os.getpid()).encode(), 0)
        _clear(folder)
        yield
    finally:
        # Closing the file releases the lock. The stale process id in it does no harm.
        os.close(file)


def _clear(folder: Folder) -> None:
    """End the program that a killed command has left running, and remove its temporary files."""
    process = folder.left_behind()
    if process is not None:
        _end(folder, process)
    folder.began(None)
    shutil.rmtree(folder.scratch, ignore_errors=True)
    folder.scratch.mkdir(mode=0o700, exist_ok=True)


def _end(folder: Folder, process: int) -> None:
    end = time.monotonic() + _GRACE
    with contextlib.suppress(ProcessLookupError):
        os.kill(process, signal.SIGINT)
        while folder.left_behind() is not None:
            if time.monotonic() > end:
                os.kill(process, signal.SIGKILL)
            time.sleep(_LOOK)


def _born(process: int) -> str | None:
    """When a process started, in kernel ticks, which tells it from a later process with the same id.

    None if it is gone, a zombie, or cannot be inspected.
    """
    try:
        fields = Path(f"/proc/{process}/stat").read_text("utf-8").rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[0] == "Z" else fields[19]
