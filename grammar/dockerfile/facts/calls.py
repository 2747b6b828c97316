"""Calls of programs in a RUN, for rules that look for a program by its name.

There are two readings. `calls_of` has them all: in strings and heredocs for other shells, behind `sudo`, `env` and
their like, by a path. `plain_calls_of` has what hadolint sees: the names in the RUN's own line, or in the heredoc that
it begins with, whatever its shell or interpreter is; an exec form counts as a line of its words.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from stackferry.grammar.dockerfile.facts.commands import part
from stackferry.grammar.dockerfile.facts.scripts import ScriptText
from stackferry.grammar.dockerfile.instruction import Joined

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Step
    from stackferry.grammar.dockerfile.facts.commands import Argument, Invocation
    from stackferry.grammar.shell.word import ShellWord

_LOOKED_THROUGH = frozenset(("builtin", "busybox", "command", "run", "time"))


class Call(NamedTuple):
    """A program's bare name, empty if it is not known, and the command that calls it."""

    program: str
    invocation: "Invocation"

    @property
    def place(self) -> "Argument":
        """The word that names the program."""
        return self.invocation.first

    def values(self, *, plain: bool = False) -> tuple[str, ...]:
        """The arguments that are known; `plain`: those that have no variable in them."""
        if plain:
            return tuple(word.literal for word in self.invocation.command.arguments if word.literal is not None)
        return self.invocation.values


def calls_of(step: "Step") -> tuple[Call, ...]:
    """All calls in the scripts of a step, in the order of the source."""
    scripts = step.scripts
    found = [Call(command.program, command) for script in scripts for command in _unwrapped(script)]
    if len(scripts) > 1:
        found.sort(key=_start)
    return tuple(found)


def plain_calls_of(step: "Step") -> tuple[Call, ...]:
    """The calls in a step that hadolint sees; none where the script is one that cannot be read to its end."""
    script = step.plain_script
    if script is None or not script.script.complete:
        return ()
    return tuple(
        Call(_plain_name(command.command.words), command) for command in script.commands if command.command.name != "[["
    )


def plain_script_of(step: "Step") -> ScriptText | None:
    """The one script of a RUN that hadolint sees; None if there is none."""
    instruction = step.instruction
    if instruction.keyword != "RUN" or not instruction.words:
        return None
    heredocs = instruction.heredocs
    if instruction.json is None and step.scripts and (not heredocs or step.scripts[0].kind == "heredoc"):
        return step.scripts[0]
    return ScriptText(step, _plain_text(step), "bash", "line")


def _plain_text(step: "Step") -> Joined:
    instruction = step.instruction
    if instruction.json is not None:
        starts: list[int] = []
        length = 0
        for word in instruction.json:
            starts.append(length)
            length += len(word.text) + 1
        sources = tuple(word.start + 1 for word in instruction.json)
        return Joined(" ".join(word.text for word in instruction.json), tuple(starts) or (0,), sources or (0,))
    rest = instruction.words[-1]
    end = rest.at + len(rest.text)
    if not instruction.heredocs:
        return part(instruction.joined, rest.at, end)
    heredoc = instruction.heredocs[0]
    if not rest.text.startswith("<<"):
        # What follows the heredoc's word on the line is lost to hadolint.
        return part(instruction.joined, rest.at, heredoc.word.at)
    line = part(instruction.joined, heredoc.word.at + len(heredoc.word.text), end)
    body = step.stage.build.source.text[heredoc.start : heredoc.end]
    text = f"{line.text}\n"
    return Joined(text + body, (*line.starts, len(text)), (*line.sources, heredoc.start))


def _unwrapped(script: ScriptText) -> "Iterator[Invocation]":
    for command in script.commands:
        yield command.unwrapped


def _start(call: Call) -> int:
    return call.invocation.all[0].start if call.invocation.all else call.invocation.range[0]


def _plain_name(words: "tuple[ShellWord, ...]") -> str:
    """The name of a command as ShellCheck has it: that of what `command`, `exec` and their like run."""
    name = words[0].literal or ""
    if name in _LOOKED_THROUGH and len(words) > 1 and not words[1].text.startswith("-"):
        return words[1].literal or ""
    if name == "exec":
        at = 1
        while at < len(words) and words[at].text.startswith("-"):
            at += 2 if words[at].text.endswith("a") else 1
        return (words[at].literal or "") if at < len(words) else name
    return name
