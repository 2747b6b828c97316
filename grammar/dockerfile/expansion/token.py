"""The tokens of the scanner, and the classes of characters that decide them, as in Go."""

from stackferry.grammar.regex import regex

TEXT = "text"
"""Plain characters. White space in them ends a word."""
KEPT = "kept"
"""Quoted or escaped characters, or white space after `<<`: none of them ends a word."""
QUOTE = "quote"
"""An opening or closing double quote; its text is empty where quotes are removed."""
VARIABLE = "variable"
"""`$name` or `${name}`; the operator is `}` for the latter."""
OPEN = "open"
"""`${name` and an operator; the operand follows, up to `CLOSE`."""
SLASH = "slash"
"""The `/` between the pattern and the replacement of `${name/pattern/replacement}`."""
CLOSE = "close"
"""The `}` at the end of an operand."""

SPECIAL_PARAMETERS = frozenset("@*#?-$!")

_ASCII_NAME = regex(r"[0-9]+|[A-Za-z_][A-Za-z0-9_]*|[@*#?$!-]")
SPACES = "\t\n\v\f\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
"""White space as in Go, for a regular expression: Python's `\\s` has four more control characters."""


Token = tuple[str, str, int, int, str]
"""A part of a word: its kind, its text or the variable's name, its range in the text, and an operator.

Operators are `- + ? :- :+ :? # % / //`, `}` for a plain `${name}`, and `:` with any other character, which is refused
only if the variable is set. A bare tuple, because a text may have a hundred thousand of them.
"""


def name_end(text: str, start: int) -> int:
    """The offset after a variable's name: digits, one special parameter, or letters, digits and `_`."""
    match = _ASCII_NAME.match(text, start)
    end = match.end() if match else start
    if text[end : end + 1].isascii() or text[start] in SPECIAL_PARAMETERS:
        return end
    return _long_name_end(text, start)


def _long_name_end(text: str, start: int) -> int:
    """`name_end` for non-ASCII letters and digits."""
    end = start
    while text[end : end + 1].isdecimal():
        end += 1
    if end > start:
        return end
    while text[end : end + 1].isalpha() or text[end : end + 1].isdecimal() or text[end : end + 1] == "_":
        end += 1
    return end
