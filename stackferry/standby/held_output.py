"""Standard output and error of a command that may yet be left to another process: held until it has ended."""

import io
import os
import sys
from typing import Any, TextIO


class HeldOutput:
    """Takes the place of both streams of this process. In all but when it is written they are what they were."""

    def __init__(self) -> None:
        self._parts: list[tuple[int, bytes]] = []
        self.stdout, self.stderr = self._stream(1, sys.__stdout__), self._stream(2, sys.__stderr__)

    def hold(self) -> None:
        """From now on nothing is written."""
        sys.stdout, sys.stderr = self.stdout, self.stderr

    def release(self) -> None:
        """Write what was held, in the order in which it was said; raises OSError."""
        self.stdout.flush()
        self.stderr.flush()
        for number, data in self._parts:
            rest = memoryview(data)
            while rest:
                rest = rest[os.write(number, rest) :]
        self._parts.clear()

    def keep(self, number: int, data: bytes) -> None:
        """Hold what is said on one of the streams."""
        self._parts.append((number, data))

    def _stream(self, number: int, real: TextIO | None) -> io.TextIOWrapper:
        encoding, errors = ("utf-8", "strict") if real is None else (real.encoding, real.errors)
        # Standard error is never held back for more than a line.
        lines = number == 2 or os.isatty(number)
        raw = io.BufferedWriter(_Raw(self, number))
        return io.TextIOWrapper(raw, encoding=encoding, errors=errors, line_buffering=lines)


class _Raw(io.RawIOBase):
    """The end of a stream that keeps what comes."""

    def __init__(self, held: HeldOutput, number: int) -> None:
        self._held, self._number = held, number

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._number

    def isatty(self) -> bool:
        return os.isatty(self._number)

    def write(self, data: Any, /) -> int:
        kept = bytes(data)
        self._held.keep(self._number, kept)
        return len(kept)
