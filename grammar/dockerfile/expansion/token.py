"""What the scanner finds in a word, and the classes of characters that decide it, as Go has them."""

import re
from typing import NamedTuple

TEXT = "text"
"""Plain characters. White space in them ends a word."""
KEPT = "kept"
"""Characters that were quoted or escaped, or white space after `<<`: none of them ends a word."""
QUOTE = "quote"
"""A double quote that opens or closes; its text is empty where quotes are removed."""
VARIABLE = "variable"
"""`$name` or `${name}`; the operator is `}` for the latter."""
OPEN = "open"
"""`${name` and an operator; what follows, up to `CLOSE`, is the operand."""
SLASH = "slash"
"""The `/` between the pattern and the replacement of `${name/pattern/replacement}`."""
CLOSE = "close"
"""The `}` at the end of an operand."""

SPECIAL_PARAMETERS = frozenset("@*#?-$!0")

_ASCII_NAME = re.compile(r"[A-Za-z0-9_]*")
_SPACES = "\t\n\v\f\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
BETWEEN_SPACES = re.compile(f"[^{_SPACES}]+")
"""A run without white space. Go's: Python's `\\s` has four control characters more."""


class Token(NamedTuple):
    """A part of a word: its kind, its text or the variable's name, its range in the text, and an operator.

    Operators are `- + ? :- :+ :? # % / //`, `}` for a plain `${name}`, and `:` with any other character, which is
    refused only where the variable is set.
    """

    kind: str
    text: str
    start: int
    end: int
    operator: str = ""


def name_end(text: str, start: int) -> int:
    """The offset after a variable's name: digits, one special parameter, or letters, digits and `_`."""
    end = start
    while text[end : end + 1].isdecimal():
        end += 1
    if end > start:
        return end
    if text[start : start + 1] in SPECIAL_PARAMETERS:
        return start + 1
    while True:
        match = _ASCII_NAME.match(text, end)
        end = match.end() if match else end
        letter = text[end : end + 1]
        if not letter or letter.isascii() or not (letter.isalpha() or letter.isdecimal()):
            return end
        end += 1
