"""Buffers standard output and error of a command until it has ended, since another process may have to run it."""

import io
import os
import sys
from typing import Any, TextIO


class HeldOutput:
    """Replaces both output streams of this process. Only the time of writing differs from the original streams."""

    def __init__(self) -> None:
        self._parts: list[tuple[int, bytes]] = []
        self.stdout, self.stderr = self._stream(1, sys.__stdout__), self._stream(2, sys.__stderr__)

    def hold(self) -> None:
        """Start to buffer."""
        sys.stdout, sys.stderr = self.stdout, self.stderr

    def release(self) -> None:
        """Write the buffered data in its original order; raises OSError."""
        self.stdout.flush()
        self.stderr.flush()
        for number, data in self._parts:
            rest = memoryview(data)
            while rest:
                rest = rest[os.write(number, rest) :]
        self._parts.clear()

    def keep(self, number: int, data: bytes) -> None:
        """Buffer data of one of the streams."""
        self._parts.append((number, data))

    def _stream(self, number: int, real: TextIO | None) -> io.TextIOWrapper:
        encoding, errors = ("utf-8", "strict") if real is None else (real.encoding, real.errors)
        # Standard error is always line-buffered.
        lines = number == 2 or os.isatty(number)
        raw = io.BufferedWriter(_Raw(self, number))
        return io.TextIOWrapper(raw, encoding=encoding, errors=errors, line_buffering=lines)


class _Raw(io.RawIOBase):
    """The raw end of a stream, which passes its data to the buffer."""

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
