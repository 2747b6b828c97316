"""A port on which a service is known to listen, and how we know."""

from typing import NamedTuple

MOST_EXPOSED = 100
"""A longer range that is exposed is not worth a Service port each."""
PROTOCOLS = {"tcp": "TCP", "udp": "UDP", "sctp": "SCTP"}
"""How Kubernetes writes the protocols that compose knows."""


class KnownPort(NamedTuple):
    """A number from 1 to 65535, the protocol as Kubernetes writes it, and in a few words where that was found."""

    number: int
    protocol: str
    evidence: str


def port_number(text: str) -> int | None:
    """The port that a text is, None if it is none: other text, zero, too much, more digits than a port has."""
    number = int(text) if text.isdecimal() and len(text) < 6 else 0
    return number if 0 < number < 65536 else None
