"""The text of a Dockerfile and places in it. First step: bytes become text, offsets become lines and columns.

Other modules use offsets into `Source.text`; a line and a column are computed only for
display. Bytes that are not UTF-8 are kept as lone surrogates, so that the text encodes to the same bytes.
"""

from bisect import bisect_right
from typing import NamedTuple

BOM = "\ufeff"


class Position(NamedTuple):
    """A line and a column as editors count them, from 1; each character is one column."""

    line: int
    column: int


class Source:
    """A text and its name for display (`-` for standard input)."""

    __slots__ = ("_starts", "path", "text")

    def __init__(self, text: str, path: str = "Dockerfile") -> None:
        self.path = path
        self.text = text
        self._starts: list[int] = []

    @property
    def starts(self) -> list[int]:
        """The offset of the start of each line. Only a newline ends a line, as in BuildKit."""
        if not self._starts:
            starts, at = [0], self.text.find("\n") + 1
            while at:
                starts.append(at)
                at = self.text.find("\n", at) + 1
            self._starts = starts
        return self._starts

    def position(self, offset: int) -> Position:
        """The line and column of an offset. A byte order mark occupies no column."""
        line = bisect_right(self.starts, offset)
        column = offset - self.starts[line - 1] + 1
        if line == 1 and column > 1 and self.text.startswith(BOM):
            column -= 1
        return Position(line, column)

    def line(self, number: int) -> str:
        """The text of a line, counted from 1, without its end."""
        start = self.starts[number - 1]
        end = self.text.find("\n", start)
        return self.text[start : end if end >= 0 else len(self.text)].rstrip("\r")


def decoded(content: bytes) -> str:
    """Bytes as text; `encoded` returns the same bytes."""
    return content.decode("utf-8", "surrogateescape")


def encoded(text: str) -> bytes:
    """The bytes from which `decoded` made the text."""
    return text.encode("utf-8", "surrogateescape")
