"""What the rules on certificates and signatures have in common: options of programs, variables, lines of files."""

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.dockerfile.facts.programs.written import lines_written
from stackferry.grammar.lint.finding import Hit

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.dockerfile.facts.commands import Argument
    from stackferry.grammar.dockerfile.facts.programs.calls import Call
    from stackferry.grammar.dockerfile.facts.programs.environment import Variable
    from stackferry.grammar.dockerfile.facts.programs.written import Line

    Place = Argument | Variable | Line

_KEYWORDS = ("RUN", "CMD", "ENTRYPOINT")
_LOCAL = ("localhost", "127.0.0.1", "[::1]")
OFF = frozenset(("0", "false", "no", "off", "n", "f"))
"""Values that switch something off, in lower case."""


def calls_of(file: "Build", *programs: str) -> "Iterator[Call]":
    """The calls of some programs, or of all, that build the image or start the container.

    A HEALTHCHECK is none: it looks at the container itself.
    """
    for step in file.steps(*_KEYWORDS):
        for call in step.calls():
            if not programs or call.program in programs:
                yield call


def option(call: "Call", *names: str) -> "Iterator[Argument]":
    """The arguments that are one of some options, with or without a value: `--name`, `--name=value`."""
    for argument in call.invocation.arguments:
        if argument.value == "--":
            return
        name, given, value = (argument.value or "").partition("=")
        if name in names and not (given and value.lower() in OFF):
            yield argument


def valued_option(call: "Call", *names: str) -> "Iterator[tuple[str, Argument]]":
    """The values of some options, with the arguments they stand in: `-o value`, `--option=value`, `-ovalue`."""
    arguments = call.invocation.arguments
    for at, argument in enumerate(arguments):
        text = argument.value or ""
        name, given, value = text.partition("=")
        if name in names and given:
            yield value, argument
        elif text in names and at + 1 < len(arguments):
            yield arguments[at + 1].value or "", arguments[at + 1]
        else:
            short = next((name for name in names if len(name) == 2 and text.startswith(name)), "")
            if short and len(text) > 2:
                yield text[2:], argument


def letters(call: "Call", letter: str, valued: str) -> "Iterator[Argument]":
    """The arguments with a letter in a group of short options; `valued` are the letters that take a value."""
    skip = False
    for argument in call.invocation.arguments:
        text = argument.value or ""
        if skip:
            skip = False
        elif text == "--":
            return
        elif text[:1] == "-" and text[1:2] not in ("", "-"):
            end = next((at for at, found in enumerate(text[1:], 1) if found in valued), len(text))
            skip = end == len(text) - 1
            if letter in text[1:end]:
                yield argument


def is_local(call: "Call") -> bool:
    """Whether a download is from the machine itself, whose certificate says nothing."""
    addresses = [value for value in call.values if "://" in value or value.startswith(_LOCAL)]
    return bool(addresses) and all(address.rpartition("://")[2].startswith(_LOCAL) for address in addresses)


def written(file: "Build", names: tuple[str, ...], pattern: "re.Pattern[str]") -> "Iterator[Line]":
    """The lines that a build writes into configuration files and that fit a pattern; `names` are ends of paths."""
    return (line for line in lines_written(file) if line.path.endswith(names) and pattern.search(line.text))


def hits_at(places: "Iterable[Place]", message: str, hint: str) -> Iterator[Hit]:
    """A hit for each place, once, in the order of the file."""
    for start, end in sorted({(place.start, place.end) for place in places}):
        yield Hit(start, end, message, hint)
