"""Splits a port of EXPOSE as BuildKit does (convert_expose.go): `[ip:][host:]container[/protocol]`."""

from typing import NamedTuple


class Port(NamedTuple):
    """The written parts of a port, unchecked. `host` and `container` are numbers or ranges."""

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
