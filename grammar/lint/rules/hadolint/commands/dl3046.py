"""DL3046: Say -l in useradd with a large user id.

`/var/log/lastlog` and `faillog` have a place for each id: with a large one they become huge files of nothing, which
some tools store in full.

    RUN useradd -u 1000000 app

    RUN useradd -l -u 1000000 app
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.lint.finding import Hit

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.dockerfile.facts.calls import Call
    from stackferry.grammar.dockerfile.facts.commands import Argument
    from stackferry.grammar.lint.settings import Settings

_DIGITS = 5
_LARGEST = 10**_DIGITS - 1
_TAKING = frozenset("bcdefgGkKpRPsuZ")
"""Letters of useradd's options that take a value."""
_VARIABLE = re.compile(r"\$(\w+)")


def check(file: "Build", settings: "Settings") -> Iterator[Hit]:
    """Calls of useradd with an id of more than five digits, without -l."""
    for step in file.steps("RUN"):
        for call in step.calls(plain=settings.hadolint):
            if call.program != "useradd":
                continue
            found = _as_hadolint(call) if settings.hadolint else _large(call)
            if found is not None:
                message = f"useradd with the large id {found.value or found.word.text} bloats the image"
                yield Hit(call.place.start, found.end, message, "write useradd -l")


def _large(call: "Call") -> "Argument | None":
    """The large id of a call that has no -l."""
    found, waits = None, False
    for argument in call.invocation.arguments:
        value = argument.value or ""
        if waits:
            waits, identifier = False, value
        elif value in ("-l", "--no-log-init") or (_is_group(value) and "l" in _letters(value)):
            return None
        elif value.startswith("--uid="):
            identifier = value[len("--uid=") :]
        elif value == "--uid":
            waits, identifier = True, ""
        elif _is_group(value) and "u" in _letters(value):
            identifier = value.partition("u")[2]
            waits = not identifier
        else:
            identifier = ""
        if identifier.isdecimal() and int(identifier) > _LARGEST:
            found = argument
    return found


def _letters(group: str) -> str:
    """The letters of `-mu` up to the first that takes the rest as its value."""
    at = next((at for at, letter in enumerate(group) if letter in _TAKING), len(group) - 1)
    return group[1 : at + 1]


def _is_group(value: str) -> bool:
    return value[:1] == "-" and value[:2] != "--"


def _as_hadolint(call: "Call") -> "Argument | None":
    """The word after `-u` where it has more than five characters, whatever they are."""
    found = None
    arguments = call.invocation.arguments
    for at, argument in enumerate(arguments):
        text = argument.word.literal or argument.word.text
        if text == "--no-log-init" or text.startswith(("--no-log-init=", "--l=")) or text == "--l":
            return None
        if _is_group(text):
            if "l" in text:
                return None
            if "u" in text and at + 1 < len(arguments) and len(_text(arguments[at + 1])) > _DIGITS:
                found = found or arguments[at + 1]
    return found


def _text(argument: "Argument") -> str:
    word = argument.word
    if word.literal is not None:
        return word.literal
    return "${VARIABLE}" if "`" in word.text else _VARIABLE.sub(r"${\1}", word.text.strip('"'))
