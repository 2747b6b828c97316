"""Parses one field of a cron line (`*/15`, `MON-FRI`, `1,15`) to the numbers that match. Called by `parse.py`.

Accepts what robfig/cron v3 accepts, including its oddities: `*-5` is `*`, empty list items are ignored, `5/10` goes
on to the maximum, and a star with a step of more than one no longer counts as a star.
"""

import re
from typing import NamedTuple

from stackferry.grammar.regex import regex
from stackferry.grammar.schedule.error import ScheduleError
from stackferry.grammar.schedule.words import Word

_NUMBER = regex(r"([+-]?)0*([0-9]+)", re.ASCII)
_LARGEST = (1 << 63) - 1
_DIGITS = len(str(_LARGEST))

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_QUARTZ = "L, W and # are Quartz syntax; use numbers, names, *, ranges (1-5), lists (1,15) and steps (*/10)"


class Kind(NamedTuple):
    """A kind of field: its name, its minimum and maximum, names for numbers, and the hint for errors."""

    name: str
    least: int
    most: int
    names: tuple[str, ...] = ()
    remedy: str = ""

    def known(self) -> dict[str, int]:
        """The number of each name."""
        return {name: self.least + place for place, name in enumerate(self.names)}


KINDS = (
    Kind("minute", 0, 59),
    Kind("hour", 0, 23, remedy="write 0 for midnight"),
    Kind("day of month", 1, 31, remedy="write a day from 1 on"),
    Kind("month", 1, 12, MONTHS, remedy="write 1 to 12, or JAN to DEC"),
    Kind("day of week", 0, 6, WEEKDAYS, remedy="write 0 or SUN for Sunday; Kubernetes does not accept 7"),
)
"""The fields of a line, in order."""


class Field(NamedTuple):
    """The numbers that match; `star`: the field is unrestricted, so that the other day field alone decides."""

    matching: frozenset[int]
    star: bool

    def __contains__(self, number: object) -> bool:
        return number in self.matching


def field(word: Word, kind: Kind) -> Field:
    """Parse a field of a line. Raises `ScheduleError`."""
    matching: set[int] = set()
    star = False
    for part in word.split(","):
        if part.text:
            numbers, open_ = _part(part, kind)
            matching.update(numbers)
            star = star or open_
    return Field(frozenset(matching), star)


def _part(part: Word, kind: Kind) -> tuple[range, bool]:
    span, *steps = part.split("/")
    ends = span.split("-")
    star = ends[0].text in ("*", "?")
    if star:
        start, end = kind.least, kind.most
    else:
        start = end = _number_or_name(ends[0], kind)
        if len(ends) > 2:
            raise ScheduleError(
                f"more than one hyphen in the range {span.text}", ends[2].column - 1, f"write {_example(kind)}"
            )
        if len(ends) == 2:
            end = _number_or_name(ends[1], kind)
    step = 1
    if steps:
        step = _step(steps, part, kind)
        if len(ends) == 1:
            end = kind.most
        star = star and step == 1
    _check_range(start, end, span, ends[-1] if len(ends) == 2 else span, kind)
    return range(start, end + 1, step), star


def _step(steps: list[Word], part: Word, kind: Kind) -> int:
    if len(steps) > 1:
        raise ScheduleError(f"more than one slash in {part.text}", steps[1].column - 1, "write */5, 10/5 or 10-30/5")
    step = _number(steps[0], kind, "write a number as the step, as in */5")
    if step == 0:
        raise ScheduleError("a step cannot be 0", steps[0].column, "write a step of 1 or more, as in */5")
    return step


def _check_range(start: int, end: int, first: Word, last: Word, kind: Kind) -> None:
    allowed = f"{kind.name} is {kind.least} to {kind.most}"
    if start < kind.least:
        raise ScheduleError(f"{start} is too small: {allowed}", first.column, kind.remedy or f"write {_example(kind)}")
    if start > kind.most or end > kind.most:
        where = first if start > kind.most else last
        number = max(start, end) if start <= kind.most else start
        raise ScheduleError(f"{number} is too large: {allowed}", where.column, kind.remedy or f"write {_example(kind)}")
    if start > end:
        hint = f"write {_around(start, end, kind)}"
        raise ScheduleError(f"the range {first.text} ends before it starts", first.column, hint)


def _around(start: int, end: int, kind: Kind) -> str:
    """The list that a wrapping range was meant to be, across the end of an hour, day, week or year: `22-23,0-6`."""
    spans = ((start, kind.most), (kind.least, end))
    return ",".join(f"{one}" if one == other else f"{one}-{other}" for one, other in spans)


def _number_or_name(word: Word, kind: Kind) -> int:
    # Go's ToLower maps single characters; Python's turns İ into two.
    name = word.text.replace("\u0130", "i").lower()
    known = kind.known()
    if name in known:
        return known[name]
    short = name[:3]
    if len(name) > 3 and short in known and name.isalpha():
        raise ScheduleError(f"{word.text} is not a name for the {kind.name}", word.column, f"write {short.upper()}")
    if re.fullmatch(r"l|lw|[0-9]*[lw]|[a-z0-9]*#[0-9]*", name):
        raise ScheduleError(f"{word.text or '#'} is not supported", word.column, _QUARTZ)
    if not name:
        raise ScheduleError("a number is missing", word.column, f"write {_example(kind)}")
    names = f", or {kind.names[0].upper()} to {kind.names[-1].upper()}" if kind.names else ""
    return _number(word, kind, f"write {kind.least} to {kind.most}{names}, or *")


def _number(word: Word, kind: Kind, hint: str) -> int:
    if not word.text:
        raise ScheduleError("a number is missing", word.column, hint)
    found = _NUMBER.fullmatch(word.text)
    if found is None:
        raise ScheduleError(f"{word.text[:40]!r} is not a number", word.column, hint)
    sign, digits = found.groups()
    number = int(digits) if len(digits) <= _DIGITS else _LARGEST + 1
    if number > _LARGEST or (sign == "-" and number):
        raise ScheduleError(f"{word.text[:40]} is out of range", word.column, hint)
    return number


def _example(kind: Kind) -> str:
    return f"{kind.least}-{kind.most}, or one of these numbers"
