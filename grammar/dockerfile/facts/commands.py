"""Commands of a script as rules ask for them: names, arguments with known values, places in the source.

A view over `grammar/shell`: an `Invocation` is one of its commands, in its script, in its step. Values come from the
words, from ARG and ENV of the step, and from assignments before the command in the same script.
"""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from stackferry.grammar.dockerfile.facts.shells import program
from stackferry.grammar.dockerfile.facts.values import fields
from stackferry.grammar.dockerfile.facts.wrappers import inner_command, shell_string
from stackferry.grammar.dockerfile.instruction import Joined

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.scripts import ScriptText
    from stackferry.grammar.shell.script import Command
    from stackferry.grammar.shell.word import ShellWord


class Argument(NamedTuple):
    """A word of a command with its value, None where that is not known. `start` and `end` are places in the source.

    An unquoted variable with a known value gives an argument for each of its fields, all at the place of the word.
    """

    value: str | None
    start: int
    end: int
    word: "ShellWord"


class Invocation:
    """A command: its program and arguments as far as they are known, and where it stands."""

    __slots__ = ("_arguments", "command", "script")

    def __init__(self, script: "ScriptText", command: "Command") -> None:
        self.script = script
        self.command = command
        self._arguments: tuple[Argument, ...] | None = None

    def __repr__(self) -> str:
        return f"Invocation({' '.join(str(argument.value) for argument in self.all)})"

    @property
    def all(self) -> tuple[Argument, ...]:
        """Its words, the program's name first."""
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
        """The program as it is written, its value filled in; empty if it is not known or there is none."""
        return (self.all[0].value or "") if self.all else ""

    @property
    def program(self) -> str:
        """The bare name of the program: `/usr/bin/apt-get` is apt-get."""
        return program(self.name)

    @property
    def arguments(self) -> tuple[Argument, ...]:
        """The words after the program."""
        return self.all[1:]

    @property
    def values(self) -> tuple[str, ...]:
        """The values of the arguments that are known."""
        return tuple(argument.value for argument in self.arguments if argument.value is not None)

    def has(self, *values: str) -> bool:
        """Whether an argument has one of some values."""
        return any(argument.value in values for argument in self.arguments)

    @property
    def range(self) -> tuple[int, int]:
        """Its place in the source."""
        return self.script.range(self.command.start, self.command.end)

    @property
    def unwrapped(self) -> "Invocation":
        """The command that `sudo`, `env`, `exec`, `time` and their like run; itself if it is none of them."""
        inner = inner_command(self.all)
        if inner <= 0:
            return self
        found = Invocation(self.script, self.command)
        found._arguments = self.all[inner:]
        return found

    @property
    def piped(self) -> bool:
        """Whether its output goes into another command."""
        pipeline = self.script.script.pipelines[self.command.pipeline]
        return self.command.place < len(pipeline.elements) - 1

    def inner_scripts(self) -> Iterator[tuple[Joined, str, str]]:
        """The scripts that it hands to a shell, as (text with its table, the shell's program, the shell's options).

        `sh -c '…'`, and a heredoc that is a shell's input.
        """
        inner = self.unwrapped
        for argument, shell, options in shell_string(inner.all):
            if argument.value is not None:
                yield _string(self.script, argument), shell, options
        if any(not (value or "-").startswith("-") for value in inner.values):
            return
        for redirect in self.command.redirects:
            if redirect.heredoc is not None:
                heredoc = redirect.heredoc
                yield part(self.script.joined, heredoc.start, heredoc.end), inner.program, " ".join(inner.values)


def invocations(script: "ScriptText") -> tuple[Invocation, ...]:
    """The commands of a script that name a program."""
    return tuple(Invocation(script, command) for command in script.script.commands if command.words)


def _arguments(script: "ScriptText", word: "ShellWord", variables: Mapping[str, str | None]) -> Iterator[Argument]:
    start, end = script.range(word.start, word.end)
    if word.literal is not None:
        yield Argument(word.literal, start, end, word)
        return
    found = fields(word, variables)
    for value in (None,) if found is None else found:
        yield Argument(value, start, end, word)


def _string(script: "ScriptText", argument: Argument) -> Joined:
    """The script that an argument is, with its table; without escapes, it stands in the source as it is."""
    word, value = argument.word, argument.value or ""
    inside = word.text[1:-1] if word.text[:1] in ("'", '"') else word.text
    if inside == value:
        begin = word.start + (word.text[:1] in ("'", '"'))
        return part(script.joined, begin, begin + len(value))
    size = max(len(value), 1)
    return Joined(value, tuple(range(size)), (argument.start,) * size)


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
