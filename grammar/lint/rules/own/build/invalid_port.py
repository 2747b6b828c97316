"""invalid-port: Expose valid ports.

A port is a number or a range, and its protocol tcp, udp or sctp; a build refuses anything else.

    FROM nginx:1.27
    EXPOSE http 443/quic

    FROM nginx:1.27
    EXPOSE 80 443/udp 8000-8010

A variable that the base image may set is not judged. Of numbers above 65535 speaks DL3011, where it is on.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.dockerfile.facts.filled import filled
from stackferry.grammar.dockerfile.facts.ports import port
from stackferry.grammar.lint.finding import Hit
from stackferry.grammar.regex import regex

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.lint.settings import Settings

_PROTOCOLS = ("", "tcp", "udp", "sctp")
_NUMBER = regex(r"[+-]?[0-9]{1,18}")
_BYTE = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_ADDRESS = regex(rf"\[?({_BYTE}(\.{_BYTE}){{3}}|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*)\]?")
_HIGHEST = 65535


def check(file: "Build", settings: "Settings") -> Iterator[Hit]:
    """Ports that cannot be read (BuildKit's parsePort)."""
    for step in file.steps("EXPOSE"):
        if step.onbuild:
            continue
        for word in step.instruction.words:
            for text in (filled(step, word.text) or "").split():
                wrong = _wrong(text)
                if wrong:
                    shown = word.text if word.text == text else f"{word.text}, which is {text},"
                    yield Hit(word.start, word.end, f"{shown} is not a port: {wrong}", "write 8080, or 8080/udp")


def _wrong(text: str) -> str:
    found = port(text)
    first, _, rest = text.rpartition(":")[2].partition("/")
    if not first:
        return "the port number is missing"
    if rest.lower() not in _PROTOCOLS:
        return f"{rest} is not a protocol"
    if found.ip and not _ADDRESS.fullmatch(found.ip):
        return f"{found.ip} is not an IP address"
    container = _range(found.container)
    host = _range(found.host) if found.host else container
    if container is None or host is None:
        return f"{found.container if container is None else found.host} is not a number from 0 to 65535, or a range"
    if container[0] != container[1] and container[1] - container[0] != host[1] - host[0]:
        return "the ranges of host and container differ in length"
    return ""


def _range(text: str) -> tuple[int, int] | None:
    """The ends of a range; None if it is none."""
    start, dash, end = text.partition("-")
    if not dash or start == end:
        end = start
    if not (_NUMBER.fullmatch(start) and _NUMBER.fullmatch(end)):
        return None
    return (int(start), int(end)) if 0 <= int(start) <= int(end) <= _HIGHEST else None
