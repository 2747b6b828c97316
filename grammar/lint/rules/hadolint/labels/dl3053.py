"""DL3053: Give a label of type rfc3339 an RFC 3339 time.

It looks at labels that `label-schema` gives that type.

    # label-schema: created = "rfc3339"
    FROM debian:12
    LABEL created="1 Nov 2026"

    FROM debian:12
    LABEL created=2026-11-01T12:00:00Z

An offset has a colon (`+02:00`); hadolint takes it without one, and with the set hadolint so do we.
A value that holds a variable that the file does not tell is not reported.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.lint.finding import Hit
from stackferry.grammar.lint.rules.hadolint.labels.schema import values
from stackferry.grammar.regex import regex

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.lint.settings import Settings

_TIME = regex(
    r"(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])[Tt](?:[01]\d|2[0-3]):[0-5]\d:(?:[0-5]\d|60)(?:\.\d+)?"
    r"(?:[Zz]|[+-](?:[01]\d|2[0-3])(:?)[0-5]\d)"
)
_DAYS = {"04": 30, "06": 30, "09": 30, "11": 30}


def check(file: "Build", settings: "Settings") -> Iterator[Hit]:
    """Values that are not times."""
    for key, value, word in values(file, settings, "rfc3339"):
        if not _is_time(value, lenient=settings.hadolint):
            message = f"the label {key} is not an RFC 3339 time"
            yield Hit(word.start, word.end, message, "write it in the form 2026-11-01T12:00:00Z")


def _is_time(value: str, *, lenient: bool) -> bool:
    match = _TIME.fullmatch(value)
    if match is None or (match[4] == "" and not lenient):
        return False
    year, month = int(match[1]), match[2]
    is_leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    days = 28 + is_leap if month == "02" else _DAYS.get(month, 31)
    return int(match[3]) <= days
