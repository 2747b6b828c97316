"""A mistake in a YAML text, the problem that the reader has with it, and what is common to the kinds of mistakes."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from stackferry.grammar.regex import regex


class Place(NamedTuple):
    """Line and column, from 0."""

    line: int
    column: int


class Mistake(NamedTuple):
    """What was mistyped, where, and what to type."""

    place: Place
    message: str
    hint: str


class Problem(NamedTuple):
    """What the reader said: its words, where it gave up, and where what it was reading began."""

    words: str
    place: Place
    began: Place | None


class Suspect(NamedTuple):
    """A line that may be the mistake: how it should be, and what is told if it was, at `told` if that is elsewhere."""

    line: int
    column: int
    mended: str
    message: str
    hint: str
    told: Place | None = None


Kind = Callable[[list[str], int, Problem], Iterator[Suspect]]
"""The suspects of one kind on a line, of which the number from 0 is given."""


ABOVE = 200
"""Lines above an error that are looked at."""
PREFIX = r"\s*(?:- +)*(?:[^\s\"'#:\[{][^\"'#:]*: +)?"
"""What may stand on a line before a value: dashes, a key."""
COMMENT = regex(r"\s+#.*$")


def indent(line: str) -> int:
    """Spaces before what a line says."""
    return len(line) - len(line.lstrip(" "))


def is_blank(line: str) -> bool:
    """Whether a line says nothing, or is a comment."""
    return not line.strip() or line.lstrip().startswith("#")


def shown(text: str) -> str:
    """A piece of a line for a hint."""
    text = text.strip()
    return text if len(text) <= 60 else f"{text[:59]}…"


def quoted(text: str) -> str:
    """Text in quotes as one would type it."""
    return (
        f"'{text}'" if '"' in text and "'" not in text else '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
    )
