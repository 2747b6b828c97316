"""Finds the variables that the scripts of a step read, and the names they set themselves."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.scripts import ScriptText
    from stackferry.grammar.dockerfile.facts.step import Step
    from stackferry.grammar.shell.word import ShellWord

_SETTING = frozenset(
    ("export", "declare", "typeset", "local", "readonly", "read", "mapfile", "readarray", "getopts", "printf", "let")
)
_ANYTHING = frozenset((".", "source", "eval"))
"""Commands after which any variable may be set: `. /etc/os-release`."""


class ShellUse(NamedTuple):
    """A use of a variable in a script: `operator` is that of `${name:-default}`; the range is in the source."""

    name: str
    operator: str
    start: int
    end: int


def shell_uses(step: "Step") -> Iterator[ShellUse]:
    """Variables that the scripts of a step read but do not set, in source order in each script.

    Text in single quotes does not count, except in `sh -c '…'`, whose string is a script. A script
    that sources another file is left out, because that file may set any name.
    """
    settled: dict[int, frozenset[str] | None] = {}
    secrets = [mount.variable for mount in step.mounts]
    if None in secrets:
        return
    given = frozenset(name for name in secrets if name)
    for script in step.scripts:
        outer = given if script.parent is None else settled[id(script.parent)]
        own = _set_in(script) if "$" in script.text else frozenset()
        names = settled[id(script)] = None if outer is None or own is None else outer | own
        if names is None or "$" not in script.text:
            continue
        found = [
            ShellUse(variable.name, variable.operator, *script.range(variable.start, variable.end))
            for word in _words(script)
            for variable in word.variables
            if variable.name not in names and not variable.prefix
        ]
        yield from sorted(found, key=lambda use: use.start)


def _set_in(script: "ScriptText") -> frozenset[str] | None:
    """The names that a script sets anywhere; None if that is not known."""
    names: set[str] = set()
    for command in script.script.commands:
        names.update(assignment.name for assignment in command.assignments)
        if command.name in _ANYTHING:
            return None
        if command.name in _SETTING:
            for word in command.arguments:
                written = word.text.lstrip("'\"").partition("=")[0].rstrip("'\"+")
                if written.isidentifier():
                    names.add(written)
        for word in command.words:
            # `${name:=value}` sets it as well.
            names.update(variable.name for variable in word.variables if variable.operator in ("=", ":="))
    names.update(construct.name for construct in script.script.constructs if construct.name)
    return frozenset(names)


def _words(script: "ScriptText") -> "Iterator[ShellWord]":
    for command in script.script.commands:
        yield from command.words
        for assignment in command.assignments:
            yield assignment.value
        for redirect in command.redirects:
            yield redirect.target if redirect.heredoc is None else redirect.heredoc.body
    for construct in script.script.constructs:
        yield from construct.words
        for redirect in construct.redirects:
            yield redirect.target if redirect.heredoc is None else redirect.heredoc.body
