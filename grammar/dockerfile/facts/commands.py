"""Commands of a script for rules: names, arguments with known values, places in the source.

A view of `grammar/shell`: an `Invocation` is a command with its script and step. Values come from the
words, from ARG and ENV of the step, and from assignments before the command in the same script.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from stackferry.grammar.dockerfile.facts.shells import program
from stackferry.grammar.dockerfile.instruction import Joined

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.scripts import ScriptText
    from stackferry.grammar.shell.script import Command
    from stackferry.grammar.shell.word import ShellWord


class Argument(NamedTuple):
    """A word of a command with its value, None if that is not known. `start` and `end` are offsets in the source.

    An unquoted variable with a known value gives one argument per field, all at the place of the word.
    """

    value: str | None
    start: int
    end: int
    word: "ShellWord"


class Invocation:
    """A command: its program and arguments as far as they are known, and its place."""

    __slots__ = ("_arguments", "command", "script")

    def __init__(self, script: "ScriptText", command: "Command") -> None:
        self.script = script
        self.command = command
        self._arguments: tuple[Argument, ...] | None = None

    def __repr__(self) -> str:
        return f"Invocation({' '.join(str(argument.value) for argument in self.all)})"

    @property
    def all(self) -> tuple[Argument, ...]:
        """All words, the program's name first."""
        if self._arguments is None:
            variables = self.script.variables(self.command)
            self._arguments = tuple(
                argument for word in self.command.words for argument in _arguments(self.script, word, variables)
            )
        return self._arguments

    @property
    def first(self) -> Argument:
        """The word that names the program."""
        return self.all[0]

    @property
    def name(self) -> str:
        """The program as written, with variables expanded; empty if it is not known or there is none."""
        return (self.all[0].value or "") if self.all else ""

    @property
    def program(self) -> str:
        """The name of the program without its path: `/usr/bin/apt-get` is apt-get."""
        return program(self.name)

    @property
    def arguments(self) -> tuple[Argument, ...]:
        """The words after the program."""
        return self.all[1:]

    @property
    def values(self) -> tuple[str, ...]:
        """The known values of the arguments."""
        return tuple(argument.value for argument in self.arguments if argument.value is not None)

    def has(self, *values: str) -> bool:
        """Whether an argument has one of the values."""
        return any(argument.value in values for argument in self.arguments)

    @property
    def range(self) -> tuple[int, int]:
        """Its range in the source."""
        return self.script.range(self.command.start, self.command.end)

    @property
    def unwrapped(self) -> "Invocation":
        """The command that `sudo`, `env`, `exec`, `time` and the like run; itself if it is no such wrapper."""
        from stackferry.grammar.shell.wrappers import unwrapped

        inner = unwrapped(self.command)
        return self if inner is self.command else Invocation(self.script, inner)

    @property
    def piped(self) -> bool:
        """Whether its output is piped into another command."""
        pipeline = self.script.script.pipelines[self.command.pipeline]
        return self.command.place < len(pipeline.elements) - 1

    def inner_scripts(self) -> Iterator[tuple[Joined, str, frozenset[str]]]:
        """The scripts that it passes to a shell, as (text with its table, the shell's program, options that are set).

        `sh -c '…'`, and a heredoc that is a shell's input. The program is empty for the user's own shell.
        """
        from stackferry.grammar.shell.strings import shell_strings

        for string in shell_strings(self.command):
            yield (
                _composed(self.script.joined, string.text, string.starts, string.sources),
                string.shell,
                string.options,
            )


def invocations(script: "ScriptText") -> tuple[Invocation, ...]:
    """The commands of a script that have a program."""
    return tuple(Invocation(script, command) for command in script.script.commands if command.words)


def _arguments(script: "ScriptText", word: "ShellWord", variables: Mapping[str, str | None]) -> Iterator[Argument]:
    start, end = script.range(word.start, word.end)
    if word.literal is not None:
        yield Argument(word.literal, start, end, word)
        return
    from stackferry.grammar.shell.expand.fields import fields

    found = fields(word, variables)
    for value in (None,) if found is None else found:
        yield Argument(value, start, end, word)


def _composed(outer: Joined, text: str, starts: tuple[int, ...], sources: tuple[int, ...]) -> Joined:
    """A text made of pieces of `outer`, with a table to the original source."""
    places: list[tuple[int, int]] = []
    for start, end, source in zip(starts, (*starts[1:], len(text)), sources, strict=True):
        places.append((start, outer.at(source)))
        first, last = bisect_right(outer.starts, source), bisect_left(outer.starts, source + end - start)
        places += [(start + outer.starts[piece] - source, outer.sources[piece]) for piece in range(first, last)]
    return Joined(text, tuple(start for start, _ in places), tuple(source for _, source in places))


def part(joined: Joined, start: int, end: int) -> Joined:
    """A part of a text, with its own table."""
    inside = [
        (begin - start, source)
        for begin, source in zip(joined.starts, joined.sources, strict=True)
        if start < begin < end
    ]
    return Joined(
        joined.text[start:end],
        (0, *(begin for begin, _ in inside)),
        (joined.at(start), *(source for _, source in inside)),
    )
