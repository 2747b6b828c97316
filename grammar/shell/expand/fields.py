"""Expands a written word to the words a command gets: braces, values, splitting. File name patterns stay."""

from stackferry.grammar.shell.expand.braces import alternatives
from stackferry.grammar.shell.expand.resolve import Values, home, part_value
from stackferry.grammar.shell.word import Literal, Part, ShellWord, Variable

BLANKS = " \t\n"
_QUOTES = frozenset("'\"\\")
"""If an operand contains one of these, it is not known which blanks are quoted."""

MOST = 1000
"""Most words that one word may become; more count as not known."""


def fields(word: ShellWord, variables: Values, braces: bool = True) -> tuple[str, ...] | None:
    """The words that one word expands to: none for an empty variable, several for `$PACKAGES` or `{a,b}`.

    None if a value is not known. `braces`: the shell is bash or similar; dash leaves `{a,b}` alone.
    """
    if word.literal is not None and "{" not in word.text and word.text[:1] != "~":
        return (word.literal,) if word.text else ()
    if "IFS" in variables and variables["IFS"] != BLANKS:
        return None
    found: list[str] = []
    choices = alternatives(word.parts, MOST) if braces else (word.parts,)
    if choices is None:
        return None
    for parts in choices:
        split = _split(parts, variables)
        if split is None or len(found) + len(split) > MOST:
            return None
        found += split
    return tuple(found)


def _split(parts: tuple[Part, ...], variables: Values) -> list[str] | None:
    """The words of parts without braces."""
    found: list[str] = []
    current: str | None = None
    for place, part in enumerate(parts):
        value = part_value(part, variables)
        if value is None:
            return None
        if type(part) is Literal or getattr(part, "quoted", False):
            value = home(part, value, variables, len(parts) == 1) if not place else value
            if value or getattr(part, "quoted", False):
                current = (current or "") + value
            continue
        if type(part) is Variable and part.operand is not None and _QUOTES.intersection(part.operand.text):
            return None
        words = value.replace("\t", " ").replace("\n", " ").split(" ")
        if value and not words[0] and current is not None:
            found.append(current)
            current = None
        ends = not words[-1]
        words = [text for text in words if text]
        for number, text in enumerate(words):
            if number:
                found.append(current or "")
                current = None
            current = (current or "") + text
        if words and ends and current is not None:
            found.append(current)
            current = None
    return found if current is None else [*found, current]
