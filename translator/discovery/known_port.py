"""A port on which a service is known to listen, and how we know."""

from typing import NamedTuple

PROTOCOLS = {"tcp": "TCP", "udp": "UDP", "sctp": "SCTP"}
"""How Kubernetes writes the protocols that compose knows."""


class KnownPort(NamedTuple):
    """A number from 1 to 65535, the protocol as Kubernetes writes it, and in a few words where that was found."""

    number: int
    protocol: str
    evidence: str
