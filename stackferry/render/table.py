"""Rows as a table that people can read and `awk` can split: two spaces between columns, no frame."""

import unicodedata
from collections.abc import Sequence

from stackferry.render.style import Role, Style

Cell = str | tuple[str, Role]
"""A cell's text, optionally with the role that gives its colour."""


def table(
    headings: Sequence[str], rows: Sequence[Sequence[Cell] | str], style: Style, *, width: int | None = None
) -> str:
    """A table with columns as wide as their widest cell; a row that is a string is a separate line.

    With `width`, the last column wraps between words to fit.
    """
    cells = [row for row in rows if not isinstance(row, str)]
    widths = [max([_width(heading), *(_width(_text(row[at])) for row in cells)]) for at, heading in enumerate(headings)]
    lines = [style.paint("title", _painted(headings, widths, Style()))]
    room = None if width is None else width - sum(widths[:-1]) - 2 * (len(widths) - 1)
    for row in rows:
        if isinstance(row, str):
            lines.append(row)
        else:
            lines += [_painted(part, widths, style) for part in _wrapped(row, room)]
    return "\n".join(lines)


def _wrapped(row: Sequence[Cell], room: int | None) -> list[Sequence[Cell]]:
    """The row; if its last cell is too wide, the rest of the cell follows in further rows."""
    import textwrap

    last = _text(row[-1])
    if room is None or room < 24 or _width(last) <= room:
        return [row]
    first, *rest = textwrap.wrap(last, room, break_on_hyphens=False)
    blank: list[Cell] = [""] * (len(row) - 1)
    return [[*row[:-1], first], *([*blank, part] for part in rest)]


def _painted(row: Sequence[Cell], widths: Sequence[int], style: Style) -> str:
    cells = []
    for at, cell in enumerate(row):
        text = _text(cell)
        padding = " " * (widths[at] - _width(text)) if at < len(row) - 1 else ""
        cells.append((style.paint(cell[1], text) if isinstance(cell, tuple) else text) + padding)
    return "  ".join(cells).rstrip()


def _text(cell: Cell) -> str:
    return cell[0] if isinstance(cell, tuple) else cell


def _width(text: str) -> int:
    """The columns that `text` takes on a terminal: two for East Asian characters, none for combining marks."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text
    )
