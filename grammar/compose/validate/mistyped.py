"""Hints for text in place of a mapping or a list: a missing blank, or a character that only looks right.

Such text is valid YAML; `shape.py` finds that it does not fit, and takes its hint from here.
"""

import re
from collections.abc import Collection
from typing import NamedTuple

from stackferry.grammar.compose.tree.letters import BLANKS, MARKS, QUOTES, straight, what_letter
from stackferry.grammar.regex import regex

_COLON = regex(r"([A-Za-z_][\w.-]*):((?!//)\S.*)$")
_EQUALS = regex(r"([A-Za-z_][\w.-]*)\s*=\s*(.*)$")


class Typed(NamedTuple):
    """What to type, and how many characters after the beginning of the text."""

    offset: int
    hint: str


def hint_for_text(text: str, kinds: Collection[str]) -> Typed | None:
    """What to type instead of text where a mapping or a list belongs; None if that is not clear."""
    text = text.partition("\n")[0]
    found = BLANKS.search(text)
    if found is not None:
        return hint_for_letters(text)
    if text[:2] == "//":
        return Typed(0, f"// does not start a comment in YAML: write # {text[2:].strip()}")
    mark = MARKS.match(text)
    if mark is not None:
        return Typed(0, f"it contains {what_letter(mark[0])}: write - {_first(text[1:])}")
    if "list" in kinds and text[:1] == "-":
        return Typed(0, f"put a space after the dash: - {_first(text[1:])}")
    colon, equals = _COLON.match(text), _EQUALS.match(text)
    if "mapping" in kinds and colon is not None:
        return Typed(colon.end(1), f"put a space after the colon: {colon[1]}: {_first(colon[2])}")
    if "mapping" in kinds and equals is not None:
        listed = f", or - {_first(text)}" if "list" in kinds else ""
        return Typed(equals.end(1), f"a colon, not =: {equals[1]}: {_first(equals[2])}{listed}")
    if "list" in kinds:
        return Typed(0, f"write a list, with a dash before each item: - {_first(text)}")
    return None


_NEEDS_QUOTES = "*&!|>%@`"


def typed_word(text: str) -> str:
    """Text as a user would type it: in quotes if it begins with a character of YAML's syntax."""
    text = text.strip()
    return f'"{text}"' if text[:1] in tuple(_NEEDS_QUOTES) else text


def _first(text: str) -> str:
    """The first word: YAML joins text over several lines by blanks."""
    text = text.strip()
    if text[:1] in tuple(_NEEDS_QUOTES):
        return typed_word(text)
    quoted = re.match(r"([\"'])(?:(?!\1).)*\1", text)
    return quoted[0] if quoted else text.partition(" ")[0]


def hint_for_key(name: str, known: Collection[str]) -> Typed | None:
    """What to type instead of an unknown key; None if that is not clear."""
    colon = _COLON.match(name)
    if colon is not None and (colon[1] in known or not known):
        return Typed(colon.end(1), f"put a space after the colon: {colon[1]}: {colon[2]}")
    return hint_for_letters(name)


def hint_for_letters(text: str) -> Typed | None:
    """What to type for a character that only looks like one of YAML's."""
    found = BLANKS.search(text)
    if found is not None:
        return Typed(found.start(), f"it contains {what_letter(found[0])}: replace it with a plain space")
    found = QUOTES.search(text)
    if found is not None:
        return Typed(found.start(), f"it contains {what_letter(found[0])}: use straight quotes: {straight(text)}")
    return None
