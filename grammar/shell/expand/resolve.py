"""The value of a word in which all variables are known."""

from collections.abc import Mapping

from stackferry.grammar.shell.word import Literal, Part, ShellWord, Variable

Values = Mapping[str, str | None]
"""Variables by name. An absent one, or None, is not known; an empty string is known."""

LONGEST = 1 << 16
"""Longest value, in characters; a longer one counts as not known."""


def resolve(word: ShellWord, variables: Values) -> str | None:
    """The value of a word as if quoted: no splitting, no file names, no braces. None if any part is not known.

    `~` and `~/…` at the start become the value of HOME if that is known, else they stay as they are.
    """
    if word.literal is not None and word.text[:1] != "~":
        return word.literal
    values: list[str] = []
    for place, part in enumerate(word.parts):
        value = part_value(part, variables)
        if value is None:
            return None
        values.append(home(part, value, variables, len(word.parts) == 1) if not place else value)
    whole = "".join(values)
    return whole if len(whole) <= LONGEST else None


def part_value(part: Part, variables: Values) -> str | None:
    """The value of a part; None if only running the script would tell."""
    if type(part) is Literal:
        return part.value
    if type(part) is not Variable:
        return None
    if part.operator or part.prefix or part.subscript:
        from stackferry.grammar.shell.expand.parameter import parameter_value

        return parameter_value(part, variables)
    return variables.get(part.name)


def home(part: Part, value: str, variables: Values, last: bool) -> str:
    """The value of a word's first part with `~` replaced. `last`: nothing follows it."""
    if type(part) is Literal and not part.quoted and (value.startswith("~/") or (value == "~" and last)):
        known = variables.get("HOME")
        if known is not None:
            return known + value[1:]
    return value
