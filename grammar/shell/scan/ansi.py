r"""`$'…'`: where it ends, and what its escapes mean (`\n`, `\x41`, `\u00e9`). Imported only when needed."""

import re

from stackferry.grammar.regex import regex

_END = regex(r"(?s)(?:[^'\\]++|\\.)*+'")
_ESCAPE = regex(
    r"(?s)\\(?:x([0-9A-Fa-f]{1,2})|u([0-9A-Fa-f]{1,4})|U([0-9A-Fa-f]{1,8})|([0-7]{1,3})|c(.)|([abeEfnrtv\\'\"?]))"
)
_NAMED = {"a": "\a", "b": "\b", "e": "\x1b", "E": "\x1b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}


def end_of(text: str, start: int, end: int) -> int:
    """The offset of the closing quote of a string whose content begins at `start`, or -1."""
    found = _END.match(text, start, end)
    return found.end() - 1 if found else -1


def decoded(text: str) -> str:
    """The content of a string with its escapes resolved; invalid escapes stay."""
    return _ESCAPE.sub(_meaning, text)


def _meaning(found: re.Match[str]) -> str:
    hexadecimal = found[1] or found[2] or found[3]
    if hexadecimal:
        code = int(hexadecimal, 16)
        return chr(code) if code <= 0x10FFFF else found[0]
    if found[4]:
        return chr(int(found[4], 8) & 0xFF)
    if found[5]:
        return chr(ord(found[5]) & 0x1F)
    return _NAMED.get(found[6], found[6])
