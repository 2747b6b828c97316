"""A program that is started with its output in files, and waited for: what `batches.py` needs of a process, no more.

The library's `subprocess` is a tenth of the time that a lint of one file has for all but ShellCheck itself, so it is
imported only where a system cannot spawn otherwise.
"""

import os
import signal
import threading
from collections.abc import Mapping, Sequence
from typing import Protocol


class Process(Protocol):
    """A running program."""

    def wait(self, seconds: float) -> int | None:
        """Its exit code, or minus the number of a signal; None if it had to be ended after so many seconds."""

    def kill(self) -> None:
        """End it, and wait for its end. Nothing happens if it has ended."""


def start(command: Sequence[str], environment: Mapping[str, str], output: str, errors: str) -> Process:
    """Start a program that reads nothing; OSError if that fails. `output` and `errors` are paths of files to make."""
    made = _Spawned if hasattr(os, "posix_spawn") else _Opened
    return made(command, environment, output, errors)


class _Spawned:
    """Where there is `posix_spawn`."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str], output: str, errors: str) -> None:
        self._code: int | None = None
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
        actions = [
            (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_OPEN, 1, output, flags, 0o600),
            (os.POSIX_SPAWN_OPEN, 2, errors, flags, 0o600),
        ]
        # Whoever started us may ignore or hold back signals; a child would inherit that.
        self._pid = os.posix_spawn(
            command[0], list(command), environment, file_actions=actions, setsigdef=(signal.SIGPIPE,), setsigmask=()
        )

    def wait(self, seconds: float) -> int | None:
        if seconds <= 0:
            self.kill()
            return None
        late = threading.Event()
        timer = threading.Timer(seconds, self._end, (late,))
        timer.daemon = True
        timer.start()
        try:
            self._reap()
        finally:
            timer.cancel()
        return None if late.is_set() else self._code

    def kill(self) -> None:
        self._signal()
        self._reap()

    def _end(self, late: threading.Event) -> None:
        late.set()
        self._signal()

    def _signal(self) -> None:
        if self._code is None:
            os.kill(self._pid, signal.SIGKILL)

    def _reap(self) -> None:
        if self._code is None:
            _, status = os.waitpid(self._pid, 0)
            self._code = os.waitstatus_to_exitcode(status)


class _Opened:
    """Everywhere else."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str], output: str, errors: str) -> None:
        import subprocess

        self._expired = subprocess.TimeoutExpired
        with open(output, "wb") as out, open(errors, "wb") as err:
            self._process = subprocess.Popen(  # noqa: S603 - the program that the user has installed, or has in PATH
                command, env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=err
            )

    def wait(self, seconds: float) -> int | None:
        try:
            return self._process.wait(max(seconds, 0))
        except self._expired:
            self.kill()
            return None

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()
