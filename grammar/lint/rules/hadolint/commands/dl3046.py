"""DL3046: Use useradd -l with a high user ID.

`/var/log/lastlog` and `faillog` have a place for each id: with a large one they become huge files of nothing, which
some tools store in full.

    RUN useradd -u 1000000 app

    RUN useradd -l -u 1000000 app
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.lint.finding import Hit

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.dockerfile.facts.programs.calls import Call
    from stackferry.grammar.dockerfile.facts.programs.plain import PlainCall
    from stackferry.grammar.lint.settings import Settings

_DIGITS = 5
_LARGEST = 10**_DIGITS - 1
_TAKING = frozenset("bcdefgGkKpRPsuZ")
"""Letters of useradd's options that take a value."""
_Place = tuple[str, int, int]


def check(file: "Build", settings: "Settings") -> Iterator[Hit]:
    """Calls of useradd with an id of more than five digits, without -l."""
    for step in file.steps("RUN"):
        if settings.hadolint:
            found = [(call.place, _long(call)) for call in step.plain_calls if call.program == "useradd"]
        else:
            found = [(call.place, _large(call)) for call in step.calls() if call.program == "useradd"]
        for place, large in found:
            if large is not None:
                text, _, end = large
                yield Hit(
                    place.start, end, f"useradd with the high user ID {text} bloats the image", "write useradd -l"
                )


def _large(call: "Call") -> "_Place | None":
    """The large id of a call that has no -l, and its place."""
    found: _Place | None = None
    waits = False
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
            found = (identifier, argument.start, argument.end)
    return found


def _letters(group: str) -> str:
    """The letters of `-mu` up to the first that takes the rest as its value."""
    at = next((at for at, letter in enumerate(group) if letter in _TAKING), len(group) - 1)
    return group[1 : at + 1]


def _is_group(value: str) -> bool:
    return value[:1] == "-" and value[:2] != "--"


def _long(call: "PlainCall") -> "_Place | None":
    """The word after `-u` where it has more than five characters, whatever they are."""
    if call.has_flag("l", "no-log-init"):
        return None
    texts = call.texts
    for at, text in enumerate(texts[:-1]):
        if _is_group(text) and "u" in text and len(texts[at + 1]) > _DIGITS:
            return texts[at + 1], *call.range(call.words[at + 1])
    return None
