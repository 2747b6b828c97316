"""A port on which a service is known to listen, and the evidence."""

from typing import NamedTuple

MOST_EXPOSED = 100
"""The largest exposed range of ports that is worth a Service port each."""
PROTOCOLS = {"tcp": "TCP", "udp": "UDP", "sctp": "SCTP"}
"""The spelling in Kubernetes of compose's protocols."""


class KnownPort(NamedTuple):
    """A number from 1 to 65535, the protocol as Kubernetes writes it, and in a few words where the port was found."""

    number: int
    protocol: str
    evidence: str


def port_number(text: str) -> int | None:
    """The port number in a text; None for other text, zero, too large a number, or more digits than a port has."""
    number = int(text) if text.isdecimal() and len(text) < 6 else 0
    return number if 0 < number < 65536 else None
