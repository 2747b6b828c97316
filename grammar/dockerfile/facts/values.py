"""What the words of a script come to: known variables filled in, all else unknown. For `commands.py`.

Known are ARG and ENV of the step, and what the script itself assigns before a command, in its own text from top to
bottom. An assignment that may not have happened (in a condition, a loop, a function, a subshell) makes its variable
unknown after it; so does `read`.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from stackferry.grammar.dockerfile.facts.scope import Scope

if TYPE_CHECKING:
    from stackferry.grammar.shell.script import Command, Script
    from stackferry.grammar.shell.word import Part, ShellWord

Values = Mapping[str, str | None]
"""Names to values; a value that is not known is None."""

_DECLARING = frozenset(("export", "declare", "typeset", "local", "readonly"))
_DEFAULTS = (":-", "-")
_ASSIGNING = _DECLARING | {"read", "unset", "getopts", "mapfile", "readarray"}


def fields(word: "ShellWord", variables: Values) -> list[str] | None:
    """The arguments that a word becomes: one, or several where an unquoted variable holds blanks; None if unknown.

    Patterns and braces stay as they are written.
    """
    found: list[str] = []
    current = ""
    begun = False
    for part in word.parts:
        value = _value(part, variables)
        if value is None:
            return None
        if type(part).__name__ == "Literal" or part_is_quoted(part):
            current += value
            begun = True
            continue
        pieces = value.split()
        if not pieces:
            continue
        if value[0].isspace() and begun:
            found.append(current)
            current = ""
        for piece in pieces[:-1]:
            found.append(current + piece)
            current = ""
        current += pieces[-1]
        begun = True
        if value[-1].isspace():
            found.append(current)
            current, begun = "", False
    if begun:
        found.append(current)
    return found


def resolved(word: "ShellWord", variables: Values) -> str | None:
    """The value of a word without splitting, as an assignment has it; None if it is not known."""
    if word.literal is not None:
        return word.literal
    values = [_value(part, variables) for part in word.parts]
    known = [value for value in values if value is not None]
    return "".join(known) if len(known) == len(values) else None


def part_is_quoted(part: "Part") -> bool:
    """Whether a part stands in quotes, so that its value is not split."""
    return bool(getattr(part, "quoted", True))


def _value(part: "Part", variables: Values) -> str | None:
    kind = type(part).__name__
    if kind == "Literal":
        return str(part.value)  # type: ignore[union-attr]
    if kind != "Variable":
        return None
    name, operator = part.name, part.operator  # type: ignore[union-attr]
    if part.prefix or part.subscript is not None or name not in variables:  # type: ignore[union-attr]
        return None
    value = variables[name]
    if value is None or not operator:
        return value
    if operator in _DEFAULTS:
        if value or operator == "-":
            return value
        operand = part.operand  # type: ignore[union-attr]
        return resolved(operand, variables) if operand is not None else ""
    return None


def assignments(script: "Script", outer: Values) -> Scope:
    """The variables of a script by the number of the command that assigns them, over those of the step."""
    scope = Scope(outer)
    for construct in script.constructs:
        if construct.kind in ("for", "select") and construct.name:
            scope.set(-1, construct.name, None, is_env=True)
    for command in script.commands:
        if command.assignments or command.name in _ASSIGNING:
            sure = all(kind == "group" for kind in command.within)
            for name, value in _assigned(command, scope.view(command.number)).items():
                scope.set(command.number, name, value if sure else None, is_env=True)
    return scope


def _assigned(command: "Command", variables: Values) -> dict[str, str | None]:
    """What a command assigns for those after it."""
    if not command.words:
        return {
            assignment.name: None
            if assignment.append or assignment.subscript is not None
            else resolved(assignment.value, variables)
            for assignment in command.assignments
        }
    name = command.name
    if name in _DECLARING:
        changed: dict[str, str | None] = {}
        for word in command.arguments:
            text = resolved(word, variables)
            if text is None:
                # `export X="$(…)"`: the name is known where it is written plainly.
                written, given, _ = word.text.partition("=")
                if given and written.isidentifier():
                    changed[written] = None
            elif "=" in text and not text.startswith("-"):
                written, _, value = text.partition("=")
                changed[written.removesuffix("+")] = None if written.endswith("+") else value
        return changed
    if name in _ASSIGNING:
        return {word.literal: None for word in command.arguments if word.literal and word.literal.isidentifier()}
    return {}
