"""The exec form: `["program", "argument"]`. Strict JSON; anything else is shell text (BuildKit's parseJSON)."""

from stackferry.grammar.dockerfile.instruction import Joined, Word
from stackferry.grammar.dockerfile.lines import SPACES
from stackferry.grammar.regex import regex

_STRING = regex(r'[ \t\r\n]*"((?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*)"[ \t\r\n]*([,\]])')
_EMPTY = regex(r"\[[ \t\r\n]*\]")
_REST = regex(r"[ \t\r\n]*\Z")


class NotStringsError(ValueError):
    """A JSON array with items other than strings: an error, not shell text."""


def exec_form(joined: Joined, start: int, end: int) -> tuple[Word, ...] | None:
    """The strings in a range, with escapes resolved and ranges that include the quotes; None if it is not JSON.

    Raises NotStringsError.
    """
    text = joined.text[:end]
    while start < end and text[start] in SPACES:
        start += 1
    if not text.startswith("[", start):
        return None
    strings: list[Word] = []
    at = start + 1
    while match := _STRING.match(text, at):
        first = text.index('"', at)
        value = match[1]
        strings.append(Word(_unescaped(value), joined.at(first), joined.end(match.end(1) + 1), first))
        at = match.end()
        if match[2] == "]":
            return tuple(strings) if _REST.match(text, at) else None
    if empty := _EMPTY.match(text, start):
        return () if _REST.match(text, empty.end()) else None
    if _is_json(text[start:]):
        raise NotStringsError
    return None


def _unescaped(value: str) -> str:
    if "\\" not in value:
        return value
    import json

    found: str = json.loads(f'"{value}"')
    return found


def _is_json(text: str) -> bool:
    """Whether a text that starts with `[` is JSON as Go parses it: no NaN, no Infinity."""
    if not text.rstrip(" \t\r\n").endswith("]"):
        return False
    import json

    try:
        json.loads(text, parse_constant=_refuse, parse_int=str, parse_float=str)
    except (ValueError, RecursionError):
        return False
    return True


def _refuse(name: str) -> None:
    raise ValueError(name)
