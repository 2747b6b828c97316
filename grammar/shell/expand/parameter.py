"""The value of `${…}` with an operator: defaults, lengths, removal, replacement. Imported only when needed."""

import re
from collections.abc import Callable
from itertools import islice

from stackferry.grammar.regex import regex
from stackferry.grammar.shell.expand.pattern import LONGEST, STARS, pattern_of
from stackferry.grammar.shell.expand.resolve import Values, resolve
from stackferry.grammar.shell.word import ShellWord, Variable

_SLICE = regex(r"[ ]*(-?[0-9]{1,9})(?:[ ]*:[ ]*(-?[0-9]{1,9}))?[ ]*")
_DISPUTED = frozenset("&\\'\"")
"""Characters in a replacement that shells of different versions treat differently."""


def parameter_value(part: Variable, variables: Values) -> str | None:
    """The value, or None if the variable, its operand or the operator is not known. Arrays count as not known."""
    known = variables.get(part.name)
    if known is None or part.subscript is not None or part.prefix == "!" or not part.name.isidentifier():
        return None
    if part.prefix == "#":
        return None if part.operator else str(len(known))
    rule = _RULES.get(part.operator)
    if rule is None or part.operand is None:
        return None
    return rule(known, part, part.operand, variables)


def _default(known: str, part: Variable, operand: ShellWord, variables: Values) -> str | None:
    if known or part.operator[0] != ":":
        return known
    return resolve(operand, variables)


def _alternative(known: str, part: Variable, operand: ShellWord, variables: Values) -> str | None:
    return resolve(operand, variables) if known or part.operator == "+" else ""


def _required(known: str, part: Variable, operand: ShellWord, variables: Values) -> str | None:
    return known if known or part.operator == "?" else None


def _cut(known: str, part: Variable, operand: ShellWord, variables: Values) -> str | None:
    """The value without a matching start (`#`) or end (`%`); a doubled operator removes the longest match."""
    pattern = pattern_of(operand, variables)
    if pattern is None or len(known) > LONGEST:
        return None
    matches = re.compile(pattern.source, re.DOTALL).fullmatch
    longest, places = len(part.operator) == 2, range(len(known) + 1)
    if part.operator[0] == "#":
        ends = (end for end in (reversed(places) if longest else places) if matches(known, 0, end))
        return known[next(ends, 0) :]
    starts = (start for start in (places if longest else reversed(places)) if matches(known, start))
    return known[: next(starts, len(known))]


def _replaced(known: str, part: Variable, operand: ShellWord, variables: Values) -> str | None:
    """The value with the first match (`/`), all matches (`//`), or one at the start or end (`/#`, `/%`) replaced."""
    pattern = pattern_of(operand, variables, greedy=True)
    text = resolve(part.replacement, variables) if part.replacement else ""
    if part.replacement and not _DISPUTED.isdisjoint(part.replacement.text):
        return None
    if pattern is None or text is None or len(known) > LONGEST or pattern.stars > STARS[part.operator]:
        return None
    if not pattern.source:
        return {"/#": text + known, "/%": known + text}.get(part.operator, known if operand.text else None)
    if not known:
        return None
    edges = {"/#": (r"\A", ""), "/%": ("", r"\Z")}.get(part.operator, ("", ""))
    found = re.compile(f"{edges[0]}(?:{pattern.source}){edges[1]}", re.DOTALL).finditer(known)
    pieces: list[str] = []
    at = 0
    for match in found if part.operator == "//" else islice(found, 1):
        if match.end() > match.start():
            pieces += (known[at : match.start()], text)
            at = match.end()
    return "".join(pieces) + known[at:]


def _sliced(known: str, part: Variable, operand: ShellWord, variables: Values) -> str | None:
    """`${name:offset:length}`; a negative offset counts from the end, a negative length is an end offset."""
    text = resolve(operand, variables)
    found = _SLICE.fullmatch(text) if text is not None else None
    if found is None:
        return None
    start = int(found[1])
    start = start if start >= 0 else max(0, len(known) + start) if -start <= len(known) else len(known)
    if found[2] is None:
        return known[start:]
    length = int(found[2])
    return known[start : start + length] if length >= 0 else known[start : max(start, len(known) + length)]


def _cased(known: str, part: Variable, operand: ShellWord, variables: Values) -> str | None:
    """The value in upper (`^`) or lower case (`,`), its first character or all."""
    if operand.text:
        return None
    change = str.upper if part.operator[0] == "^" else str.lower
    return change(known) if len(part.operator) == 2 else change(known[:1]) + known[1:]


_Rule = Callable[[str, Variable, ShellWord, Values], str | None]
_RULES: dict[str, _Rule] = {
    **dict.fromkeys((":-", "-", ":=", "="), _default),
    **dict.fromkeys((":+", "+"), _alternative),
    **dict.fromkeys((":?", "?"), _required),
    **dict.fromkeys(("#", "##", "%", "%%"), _cut),
    **dict.fromkeys(("/", "//", "/#", "/%"), _replaced),
    **dict.fromkeys(("^", "^^", ",", ",,"), _cased),
    ":": _sliced,
}
