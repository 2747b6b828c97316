"""Starts a program with its output in files, and waits for it: all that `batches.py` needs of a process.

Importing `subprocess` takes a tenth of the time of linting one file without ShellCheck, so it is imported only on
systems without another way to spawn.
"""

import os
import signal
import threading
from collections.abc import Mapping, Sequence
from typing import Protocol


class Process(Protocol):
    """A running program."""

    def wait(self, seconds: float) -> int | None:
        """The exit code, or minus the number of a signal; None if it was killed after this many seconds."""

    def kill(self) -> None:
        """Kill the program and wait for its end. Does nothing if it has ended."""


def start(command: Sequence[str], environment: Mapping[str, str], output: str, errors: str) -> Process:
    """Start a program without input; raises OSError. `output` and `errors` are paths of files to create."""
    made = _Spawned if hasattr(os, "posix_spawn") else _Opened
    return made(command, environment, output, errors)


class _Spawned:
    """A process on systems with `posix_spawn`."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str], output: str, errors: str) -> None:
        self._code: int | None = None
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
        actions = [
            (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_OPEN, 1, output, flags, 0o600),
            (os.POSIX_SPAWN_OPEN, 2, errors, flags, 0o600),
        ]
        # Our parent may have ignored or blocked signals, which a child would inherit.
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
    """A process on all other systems."""

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
