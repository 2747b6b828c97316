"""A block of lines on a terminal's standard error that is drawn over itself: what displays of progress are made of."""

import os
import sys
from collections.abc import Sequence


class Block:
    """Not for several threads at once. `height` is 0 while there is none."""

    def __init__(self) -> None:
        self.height = 0

    def draw(self, lines: Sequence[str]) -> None:
        """Draw it where it stands."""
        up = f"\x1b[{self.height}A" if self.height else ""
        # Each line is cleared to its end, so that a shorter one leaves nothing of the longer one before.
        print(up + "".join(f"\x1b[2K{one}\n" for one in lines) + "\x1b[J", end="", file=sys.stderr, flush=True)
        self.height = len(lines)

    def wipe(self) -> None:
        """Take it away."""
        print(f"\x1b[{self.height}A\x1b[J", end="", file=sys.stderr, flush=True)
        self.height = 0


def terminal_size() -> tuple[int, int]:
    """Columns and rows of the terminal."""
    try:
        columns, rows = os.get_terminal_size(sys.stderr.fileno())
    except (OSError, ValueError):
        columns, rows = 0, 0
    return columns or 80, rows or 24
