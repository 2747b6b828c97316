"""A port of EXPOSE in its parts, as BuildKit reads it (convert_expose.go): `[ip:][host:]container[/protocol]`."""

from typing import NamedTuple


class Port(NamedTuple):
    """What a port is written as; nothing is checked. `host` and `container` are numbers or ranges."""

    ip: str
    host: str
    container: str
    protocol: str


def port(text: str) -> Port:
    """The parts of a text."""
    before, _, last = text.rpartition(":")
    container, _, protocol = last.partition("/")
    ip, _, host = before.rpartition(":")
    return Port(ip, host, container, protocol)
