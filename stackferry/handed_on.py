"""Which command lines are docker's: `cli.main` hands those to the docker program (`docker_program.py`) as they are.

    image, login, tag ...                      -> docker's, whatever follows
    build, pull, push, run -> the first word that is not an option
                                cannot be a service name (nginx:1.27, ./web)      -> docker's
                                the stack has a service of that name              -> ours
                                the stack has none, or there is no stack          -> docker's
    any other                                  -> ours

Pure: the caller passes functions that ask the stack and that know our options. Imported by every command.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from stackferry.grammar.regex import regex
from stackferry.options.docker_options import ALONE, OPTIONS, SHARED, Options

if TYPE_CHECKING:
    from stackferry.lookup.service_names import Meant

_SERVICE = regex(r"(?![.-]+$)[a-zA-Z0-9._-]+")
"""Matches a possible service name; dots alone are a folder, `-` is standard input."""
FILE = ("-f", "--file")


class HandedOn(NamedTuple):
    """A line that is docker's. `word`: its argument that might have been a service, or empty.

    `remark`: a note for the user before docker starts, mostly empty.
    """

    command: str
    word: str = ""
    remark: str = ""


Ask = Callable[[str, Sequence[str]], "Meant"]
"""Asks the stack about a word. The second argument is the compose files that the line may name, mostly none."""
Ours = Callable[[str, str], bool]
"""Whether a command of ours (the first argument) has an option (the second)."""


class Scanned(NamedTuple):
    """A line up to its first word: the word's index or None, the unknown options, and the values of the others."""

    place: int | None
    unknown: Sequence[str]
    values: Mapping[str, Sequence[str]]


def handed_on(line: Sequence[str], ask: Ask, ours: Ours) -> HandedOn | None:
    """The line as docker's; None if it is ours."""
    before = scan(line, OPTIONS[""])
    # An option before the command that docker does not have is ours, or a mistake that we report.
    if before.place is None or before.unknown:
        return None
    command = line[before.place]
    if command in ALONE:
        return HandedOn(command)
    if command not in SHARED:
        return None
    rest = line[before.place + 1 :]
    found = scan(rest, OPTIONS[command])
    if found.place is None or any(ours(command, option) for option in found.unknown):
        return None
    word = rest[found.place]
    if before.place or not _SERVICE.fullmatch(word):
        # Docker's options precede the command, or the word cannot be a service.
        return HandedOn(command)
    meant = ask(word, [file for option in FILE for file in found.values.get(option, ())])
    if meant.service:
        return None
    remark = f"the stack has no service {word} ({meant.like}), so the command is passed to docker" if meant.like else ""
    return HandedOn(command, word, remark)


def scan(words: Sequence[str], options: Options) -> Scanned:
    """Find the first word that is neither an option nor an option's value, as docker's parser would.

    An option that docker does not have is taken for a switch.
    """
    unknown: list[str] = []
    values: dict[str, list[str]] = {}
    index = 0
    while index < len(words):
        word = words[index]
        if word == "--":
            index += 1
            break
        if word == "-" or not word.startswith("-"):
            break
        option, value, strangers = _read(word, options)
        unknown += strangers
        if option:
            if value is None:
                index += 1
                value = words[index] if index < len(words) else ""
            values.setdefault(option, []).append(value)
        index += 1
    return Scanned(index if index < len(words) else None, unknown, values)


def _read(word: str, options: Options) -> tuple[str, str | None, list[str]]:
    """Read one word of options: the option that takes a value, the value if the word holds it, the unknown options."""
    if word.startswith("--"):
        name, sign, value = word.partition("=")
        if name in options.valued:
            return name, value if sign else None, []
        return "", None, [] if name in options.switches else [name]
    unknown: list[str] = []
    for at, letter in enumerate(word[1:], 2):
        option = f"-{letter}"
        if option in options.valued:
            return option, word[at:].removeprefix("=") if word[at:] else None, unknown
        if word[at : at + 1] == "=":
            # The value of a switch: -i=false.
            return "", None, unknown if option in options.switches else [*unknown, option]
        if option not in options.switches:
            unknown.append(option)
    return "", None, unknown
