"""Calls of programs in a RUN, for rules that look for a program by its name.

Includes calls in strings and heredocs for other shells, behind `sudo`, `env` and the like, and by path. `plain.py` has
only those that hadolint sees.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.commands import Argument, Invocation
    from stackferry.grammar.dockerfile.facts.scripts import ScriptText
    from stackferry.grammar.dockerfile.facts.step import Step


class Call(NamedTuple):
    """A program's name without its path, empty if it is not known, and the command that calls it."""

    program: str
    invocation: "Invocation"

    @property
    def place(self) -> "Argument":
        """The word that names the program."""
        return self.invocation.first

    @property
    def values(self) -> tuple[str, ...]:
        """The arguments with known values."""
        return self.invocation.values


def calls_of(step: "Step") -> tuple[Call, ...]:
    """All calls in the scripts of a step, in source order."""
    scripts = step.scripts
    found = [Call(command.program, command) for script in scripts for command in _unwrapped(script)]
    if len(scripts) > 1:
        found.sort(key=_start)
    return tuple(found)


def _unwrapped(script: "ScriptText") -> "Iterator[Invocation]":
    for command in script.commands:
        yield command.unwrapped


def _start(call: Call) -> int:
    return call.invocation.all[0].start if call.invocation.all else call.invocation.range[0]
