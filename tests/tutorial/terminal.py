"""An interactive terminal: runs a line, types text, presses Ctrl-C."""

import contextlib
import os
import pty
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence

LOOK = 0.05
CTRL_C = b"\x03"


class Terminal:
    """A program with a terminal of its own. `said` is what it has shown."""

    def __init__(self, words: Sequence[str], environment: Mapping[str, str]) -> None:
        self._screen, theirs = pty.openpty()
        self.said = ""
        self._program = subprocess.Popen(
            ["setsid", "--ctty", "--wait", *words],
            env={**environment, "TERM": "xterm"},
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
        )
        os.close(theirs)
        threading.Thread(target=self._watch, daemon=True).start()

    def _watch(self) -> None:
        # A terminal that nobody holds any more is an error to read.
        with contextlib.suppress(OSError):
            while piece := os.read(self._screen, 4096):
                self.said += piece.decode("utf-8", "replace")

    def type(self, text: bytes) -> None:
        """Press keys."""
        os.write(self._screen, text)

    def until(self, text: str, seconds: float) -> None:
        """Wait until it has shown this."""
        end = time.monotonic() + seconds
        while text not in self.said:
            assert time.monotonic() < end, f"no {text!r} within {seconds} s: {self.said}"
            time.sleep(LOOK)

    def ended(self, seconds: float) -> int:
        """Wait for its end; gives the exit code."""
        return self._program.wait(seconds)

    def close(self) -> None:
        self._program.kill()
        self._program.wait()
        os.close(self._screen)
