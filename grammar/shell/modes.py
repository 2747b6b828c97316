"""The shell options in force at each command: errexit, pipefail and the rest of what `set` sets."""

from collections.abc import Iterable, Iterator

from stackferry.grammar.shell.flow import Flow
from stackferry.grammar.shell.foresight import Change
from stackferry.grammar.shell.history import EVERYTHING
from stackferry.grammar.shell.script import Command, Construct, Script
from stackferry.grammar.shell.value import Value

LETTERS = {
    "a": "allexport",
    "b": "notify",
    "C": "noclobber",
    "e": "errexit",
    "f": "noglob",
    "h": "hashall",
    "m": "monitor",
    "n": "noexec",
    "u": "nounset",
    "v": "verbose",
    "x": "xtrace",
}
"""Option names by letter."""

_ON, _OFF = "on", "off"


class InForce(Value):
    """The options that are on, and those that may be on: set in a condition, or by a word with an unknown value."""

    __slots__ = (
        "on",
        "unknown",
    )

    def __init__(self, on: frozenset[str], unknown: frozenset[str]) -> None:
        self.on = on
        self.unknown = unknown


class Modes:
    """The options over a script."""

    def __init__(self, script: Script, start: Iterable[str] = ()) -> None:
        named = (name for command in script.commands for name, _ in _effects(command, None) if name != EVERYTHING)
        self._flow = Flow(script, {**dict.fromkeys(named, _OFF), **dict.fromkeys(start, _ON)}, _effects)

    def at(self, command: Command) -> InForce:
        """The options in force at the start of a command."""
        known = dict(self._flow.at(command))
        return InForce(
            frozenset(name for name, value in known.items() if value == _ON),
            frozenset(name for name, value in known.items() if value is None),
        )


def modes(script: Script, start: Iterable[str] = ()) -> Modes:
    """The options at each command: call `.at(command)`.

    `start` are the names of the options that the shell is started with, as by `SHELL ["/bin/bash", "-o", "pipefail",
    "-c"]`. Options that a sourced file might set are ignored.
    """
    return Modes(script, start)


def options_at(script: Script, command: Command, start: Iterable[str] = ()) -> frozenset[str]:
    """The options that are certainly on at a command. For several commands, use `modes`."""
    return modes(script, start).at(command).on


def _effects(subject: Command | Construct, _known: object) -> Iterator[Change]:
    if isinstance(subject, Construct):
        return iter(())
    if subject.name == "set":
        return _set(subject)
    return _shopt(subject) if subject.name == "shopt" else iter(())


def _set(command: Command) -> Iterator[Change]:
    """`set -eux`, `set +x`, `set -o pipefail`, `set -euo pipefail`."""
    words = iter(command.arguments)
    for word in words:
        text = word.literal
        if text is None:
            yield EVERYTHING, None
            return
        if text in ("--", "-") or text[:1] not in ("-", "+"):
            return
        value = _ON if text[0] == "-" else _OFF
        for letter in text[1:]:
            if letter == "o":
                named = next(words, None)
                if named is not None:
                    yield named.literal or EVERYTHING, value
            elif letter in LETTERS:
                yield LETTERS[letter], value


def _shopt(command: Command) -> Iterator[Change]:
    """`shopt -so pipefail`. Without `-o`, shopt sets other options, with other names."""
    flags = "".join(word.literal or "" for word in command.arguments if word.text[:1] == "-")
    value = _ON if "s" in flags else _OFF if "u" in flags else ""
    if value:
        for word in command.arguments:
            if word.literal and word.literal[:1] != "-":
                yield word.literal, value
