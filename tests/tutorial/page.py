"""The lines of docs/tutorial.md: the tutorial's command, the one typed here, and the program that answers."""

import re
from pathlib import Path
from typing import NamedTuple

PAGE = Path(__file__).parents[2] / "docs" / "tutorial.md"
_ROW = re.compile(r"^\| `(?P<theirs>[^`]+)` \| (?:`(?P<here>[^`]+)`|left out[^|]*) \| (?P<who>[^|]*) ?\|$")


class Line(NamedTuple):
    """One row. `here` is empty where the line is left out."""

    part: int
    theirs: str
    here: str
    who: str


def lines() -> list[Line]:
    """All rows of the page's tables, in order."""
    found, part = [], 0
    for text in PAGE.read_text(encoding="utf-8").splitlines():
        if heading := re.match(r"## Part (\d):", text):
            part = int(heading[1])
        elif text.startswith("| `"):
            row = _ROW.match(text)
            assert row, f"no row of the tutorial's tables: {text}"
            found.append(Line(part, row["theirs"], row["here"] or "", row["who"].strip()))
    return found
