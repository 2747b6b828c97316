"""A mistake in a YAML text, the reader's problem with it, and helpers for all kinds of mistakes."""

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
    """The reader's error: its message, where it stopped, and where the construct that it was reading began."""

    words: str
    place: Place
    began: Place | None


class Suspect(NamedTuple):
    """A suspicious line: its mended form, and the message if it is the mistake, at `told` if that is elsewhere."""

    line: int
    column: int
    mended: str
    message: str
    hint: str
    told: Place | None = None


Kind = Callable[[list[str], int, Problem], Iterator[Suspect]]
"""Finds the suspects of one kind on a line, whose number counts from 0."""


ABOVE = 200
"""How many lines above an error are examined."""
PREFIX = r"\s*(?:- +)*(?:[^\s\"'#:\[{][^\"'#:]*: +)?"
"""What may precede a value on its line: dashes and a key."""
COMMENT = regex(r"\s+#.*$")


def indent(line: str) -> int:
    """The indentation of a line in spaces."""
    return len(line) - len(line.lstrip(" "))


def is_blank(line: str) -> bool:
    """Whether a line is empty or a comment."""
    return not line.strip() or line.lstrip().startswith("#")


def shown(text: str) -> str:
    """A piece of a line for a hint."""
    text = text.strip()
    return text if len(text) <= 60 else f"{text[:59]}…"


def quoted(text: str) -> str:
    """Text in quotes as a user would type it."""
    return (
        f"'{text}'" if '"' in text and "'" not in text else '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
    )
