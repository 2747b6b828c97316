"""Templates that the grammar refuses but docker compose accepts: an unused word may be anything.

`${HOME:-${}}` is the value of HOME if it is set. `template.py` calls this when its grammar refuses a string; the way
the string is taken apart, with its greedy expression, is that of compose-go's `template` package.
"""

from collections.abc import Callable

from stackferry.grammar.regex import regex

Lookup = Callable[[str], str | None]
Apply = Callable[[str, str, Callable[[], str]], str]
"""Maps (name, operator, word) to the replacement text."""

_VARIABLE = regex(
    r"\$(?i:(?P<escaped>\$)|(?P<named>[_a-z][_a-z0-9]*)"
    r"|\{(?:(?P<braced>[_a-z][_a-z0-9]*(?::?[-+?](?:.*))?)\}|(?P<invalid>)))"
)
_OPERATORS = (":?", "?", ":-", "-", ":+", "+")


class InvalidError(Exception):
    """The string is no template: a part that is needed cannot be parsed."""


def substitute_needed(text: str, apply: Apply) -> str:
    """`text` with its variables replaced; raises InvalidError, and whatever `apply` raises."""
    return _VARIABLE.sub(lambda found: _replaced(found[0], apply), text)


def _replaced(text: str, apply: Apply) -> str:
    places = [(text.index(one), -len(one), one) for one in _OPERATORS if one in text]
    operator = min(places)[2] if places else ""
    end = _closing(text)
    text, rest = (text[: end + 1], text[end + 1 :]) if end >= 0 else (text, "")
    found = _VARIABLE.search(text)
    if found is None:
        raise InvalidError
    if found["escaped"]:
        return "$"
    said = found["named"] or found["braced"]
    if not said:
        raise InvalidError
    if found["named"] or not operator or operator not in said:
        return apply(said, "", str)
    name, _, word = said.partition(operator)
    return apply(name, operator, lambda: substitute_needed(word, apply)) + substitute_needed(rest, apply)


def _closing(text: str) -> int:
    """Where the first variable ends, -1 if nowhere; as in compose-go, the character after `{` is skipped."""
    depth = index = 0
    while index < len(text):
        if text[index] == "}":
            depth -= 1
            if depth == 0:
                return index
        elif text[index] == "{":
            depth += 1
            index += 1
        index += 1
    return -1
