"""Docker's tables: columns at least ten wide, three spaces between them (Go's tabwriter as docker sets it up)."""

import re
from collections.abc import Iterable, Sequence

from stackferry.grammar.regex import regex

MINIMUM, PADDING = 10, 3

_PARTS = regex(r"(\d+)|(.)", re.DOTALL)


def columns(lines: Sequence[Sequence[str]]) -> str:
    """Lines of cells as text with line ends. The last cell of a line is not padded, as in docker's tables."""
    depth = max((len(line) - 1 for line in lines), default=0)
    widths = [
        max(MINIMUM, *(len(line[at]) + PADDING for line in lines if len(line) > at + 1), 0) for at in range(depth)
    ]
    return "".join(_line(line, widths) for line in lines)


def _line(cells: Sequence[str], widths: Iterable[int]) -> str:
    padded = (f"{cell:<{width}}" for cell, width in zip(cells[:-1], widths, strict=False))
    return "".join((*padded, cells[-1] if cells else "", "\n"))


def natural(text: str) -> list[tuple[int, int, int]]:
    """The key by which docker sorts names: `web.2` before `web.10`."""
    return [
        (48, int(digits), len(digits)) if digits else (ord(letter), 0, 0) for digits, letter in _PARTS.findall(text)
    ]
