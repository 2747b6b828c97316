"""A block of lines on a terminal that is redrawn in place, on standard error: the basis of progress displays."""

import os
import sys
from collections.abc import Sequence


class Block:
    """The block. Not thread-safe. `height` is 0 while nothing is drawn."""

    def __init__(self) -> None:
        self.height = 0

    def draw(self, lines: Sequence[str]) -> None:
        """Redraw the block in place."""
        up = f"\x1b[{self.height}A" if self.height else ""
        # Each line is cleared first, so that a shorter line leaves nothing of the longer one before it.
        print(up + "".join(f"\x1b[2K{one}\n" for one in lines) + "\x1b[J", end="", file=sys.stderr, flush=True)
        self.height = len(lines)

    def wipe(self) -> None:
        """Erase the block."""
        print(f"\x1b[{self.height}A\x1b[J", end="", file=sys.stderr, flush=True)
        self.height = 0


def terminal_size() -> tuple[int, int]:
    """Columns and rows of the terminal."""
    try:
        columns, rows = os.get_terminal_size(sys.stderr.fileno())
    except (OSError, ValueError):
        columns, rows = 0, 0
    return columns or 80, rows or 24
