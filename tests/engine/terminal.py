"""Runs a program on its own terminal, as a user would: types keys and waits for output."""

import fcntl
import os
import select
import subprocess
import termios
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

PATIENCE = 60.0


def _own_it() -> None:
    """Have the terminal send us its signals: Ctrl-C."""
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


class Terminal:
    """One program. `restored` says afterwards whether the terminal is as it was before."""

    def __init__(self, command: Sequence[str | Path], folder: Path, environment: Mapping[str, str]) -> None:
        self.master, self._slave = os.openpty()
        self._before = termios.tcgetattr(self._slave)
        self.shown = b""
        self.process = subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            stdin=self._slave,
            stdout=self._slave,
            stderr=self._slave,
            start_new_session=True,
            preexec_fn=_own_it,  # noqa: PLW1509 - nothing else runs in the child
        )

    def type(self, keys: str) -> None:
        os.write(self.master, keys.encode())

    def until(self, text: str, seconds: float = PATIENCE) -> None:
        """Read on until this is shown; what was shown before it is done with."""
        deadline = time.monotonic() + seconds
        while text.encode() not in self.shown:
            assert self._read(deadline - time.monotonic()), f"no {text!r} in {self.shown!r}"
        self.shown = self.shown.partition(text.encode())[2]

    def ended(self, seconds: float = PATIENCE) -> int:
        """Wait for its end; gives the exit code."""
        deadline = time.monotonic() + seconds
        while self.process.poll() is None:
            assert time.monotonic() < deadline, f"does not end: {self.shown!r}"
            self._read(0.05)
        while self._read(0.0):
            pass
        return self.process.returncode

    @property
    def restored(self) -> bool:
        return termios.tcgetattr(self._slave) == self._before

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self.master)
        os.close(self._slave)

    def _read(self, seconds: float) -> bool:
        ready, _, _ = select.select([self.master], [], [], max(seconds, 0.0))
        if ready:
            self.shown += os.read(self.master, 65_536)
        return bool(ready)
