"""DL3011: Expose ports from 0 to 65535.

There are no other ports, and a build refuses them, as it refuses what is not a port at all.

    FROM nginx:1.27
    EXPOSE 80800

    FROM nginx:1.27
    EXPOSE 8080 9000-9010/udp

A variable is judged by its value if the file tells it, which hadolint does not do.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.dockerfile.facts.ports import port
from stackferry.grammar.lint.finding import Hit
from stackferry.grammar.regex import regex

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.lint.settings import Settings

_HIGHEST = 65_535
_NUMBER = regex(r"[-+]?[0-9]+\Z")
_PROTOCOLS = ("", "tcp", "udp", "sctp")


def check(file: "Build", settings: "Settings") -> Iterator[Hit]:
    """Words of EXPOSE that are not ports (BuildKit's parsePort)."""
    for step in file.steps("EXPOSE"):
        if step.onbuild:
            continue
        for word in step.instruction.words:
            for text in (step.expanded(word.text) or "").split():
                if wrong := _wrong(text):
                    yield Hit(word.start, word.end, wrong, "write a port from 0 to 65535, such as 8080 or 8080/udp")


def _wrong(text: str) -> str:
    """What is wrong with a port, empty if nothing is. A port of the host before it is looked at, too."""
    found = port(text)
    if found.protocol.lower() not in _PROTOCOLS:
        return f"{found.protocol} is not a protocol"
    for numbers in (found.host, found.container) if found.host else (found.container,):
        first, dash, last = numbers.partition("-")
        for number in (first, last) if dash else (first,):
            if not _NUMBER.match(number):
                return f"{numbers or text} is not a port"
            if not 0 <= _value(number) <= _HIGHEST:
                return f"port {number} does not exist"
        if dash and _value(last) < _value(first):
            return f"the range {numbers} ends before it starts"
    return ""


def _value(number: str) -> int:
    """A whole number, cut where it is too large for a port anyway: int() refuses thousands of digits."""
    digits = number.lstrip("+-").lstrip("0")[:9]
    return int(number[0] + digits) if number[0] == "-" and digits else int(digits or "0")
