"""Where a value was written: the position in every diagnostic and every origin.

The lowest module of all: it imports nothing, everything may import it.
"""

from typing import NamedTuple


class Span(NamedTuple):
    """One position in one source, as editors count: line and column start at 1.

    `source` is the path as it is shown to people (`-` for standard input).
    A named tuple, not a dataclass: one is made for every key and value of a file.
    """

    source: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.source}:{self.line}:{self.column}"
