"""The values of variables at each command of a script, as far as its text determines them.

`variables(script, start).at(command)` is the input of `expand.resolve` and `expand.fields`.
"""

from collections.abc import Callable, Iterator, Mapping

from stackferry.grammar.regex import regex
from stackferry.grammar.shell.expand.resolve import LONGEST, Values, resolve
from stackferry.grammar.shell.flow import Flow
from stackferry.grammar.shell.foresight import Change
from stackferry.grammar.shell.history import EVERYTHING
from stackferry.grammar.shell.script import Assignment, Command, Construct, Script
from stackferry.grammar.shell.word import ShellWord
from stackferry.grammar.shell.wrappers import assigned

NOTHING: Values = {}

MOST = 5_000
"""How many assignments are evaluated; in a longer script the values of the others are not known."""

_NAME = regex(r"[A-Za-z_][A-Za-z0-9_]*+")
_CHANGES = regex(r"\+\+|--|(?<![=!<>])=(?!=)|<<=|>>=")
_DEFAULTS = frozenset({"=", ":="})
_TYPES = frozenset("aAilnu")


def variables(script: Script, start: Mapping[str, str | None] = NOTHING) -> Flow:
    """The variables at each command: call `.at(command)`, which maps names to values, or to None if not known.

    `start` are the initial values, such as those of ENV and ARG. Values set in a condition, a loop
    or a function are unknown after it; a subshell changes nothing outside; `read`, `.`, `eval` make values unknown.
    """
    return Flow(script, start, _Effects().of)


class _Effects:
    def __init__(self) -> None:
        self._left = 2 * MOST

    def of(self, subject: Command | Construct, known: Values) -> Iterator[Change]:
        """The changes by a command or a head, one by one, so that an assignment sees the one before it."""
        if isinstance(subject, Construct):
            return _of_head(subject)
        return self._of_command(subject, known)

    def _of_command(self, command: Command, known: Values) -> Iterator[Change]:
        for word in command.words:
            yield from _defaults(word, known)
        for assignment in command.assignments:
            yield from _defaults(assignment.value, known)
            if not command.words:
                yield assignment.name, self._value(assignment, known)
        if command.name in _DECLARING:
            yield from self._declared(command, known)
        elif command.name in _SETTING:
            yield from _SETTING[command.name](command)

    def _declared(self, command: Command, known: Values) -> Iterator[Change]:
        """`export A=b` and similar builtins; with a type (`declare -i`) the value is not known."""
        typed = False
        for word in command.arguments:
            text = word.literal or ""
            if text[:1] in ("-", "+"):
                typed = typed or not _TYPES.isdisjoint(text[1:])
            elif assignment := assigned(word):
                yield assignment.name, None if typed else self._value(assignment, known)

    def _value(self, assignment: Assignment, known: Values) -> str | None:
        self._left -= 1
        if self._left < 0 or assignment.subscript is not None:
            return None
        value = resolve(assignment.value, known)
        if assignment.append and value is not None:
            before = known.get(assignment.name)
            value = before + value if before is not None else None
        return value if value is None or len(value) <= LONGEST else None


def _defaults(word: ShellWord, known: Values) -> Iterator[Change]:
    """What `${name:=value}` sets."""
    for variable in word.variables:
        if variable.operator in _DEFAULTS and not known.get(variable.name):
            yield variable.name, None


def _of_head(construct: Construct) -> Iterator[Change]:
    """The variable of a loop, or all names in an expression that assigns."""
    if construct.kind != "arithmetic":
        if construct.name:
            yield construct.name, None
        elif construct.words:
            yield from _in_expression(construct.words[0].text)
        return
    for word in construct.words:
        yield from _in_expression(word.text)


def _in_expression(text: str) -> Iterator[Change]:
    if _CHANGES.search(text):
        for name in set(_NAME.findall(text)):
            yield name, None


def _named(words: tuple[ShellWord, ...]) -> Iterator[Change]:
    """All words that could be names, with unknown values."""
    for word in words:
        if word.literal and _NAME.fullmatch(word.literal):
            yield word.literal, None


def _operands(command: Command) -> Iterator[Change]:
    return _named(command.arguments)


def _printf(command: Command) -> Iterator[Change]:
    return _named(command.arguments[1:2] if command.arguments and command.arguments[0].literal == "-v" else ())


def _let(command: Command) -> Iterator[Change]:
    for word in command.arguments:
        yield from _in_expression(word.text)


def _folder(_command: Command) -> Iterator[Change]:
    return iter((("PWD", None), ("OLDPWD", None)))


def _anything(_command: Command) -> Iterator[Change]:
    return iter(((EVERYTHING, None),))


_DECLARING = frozenset({"export", "readonly", "declare", "typeset", "local"})
_SETTING: dict[str | None, Callable[[Command], Iterator[Change]]] = {
    **dict.fromkeys(("read", "unset", "getopts", "mapfile", "readarray", "wait"), _operands),
    **dict.fromkeys(("cd", "pushd", "popd"), _folder),
    **dict.fromkeys((".", "source", "eval"), _anything),
    "printf": _printf,
    "let": _let,
}
