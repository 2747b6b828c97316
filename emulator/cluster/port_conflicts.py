"""Conflicts of published ports, within one service and among services. Pure.

Two host-mode ports may be the same: the scheduler keeps them on different nodes. A port on one address of the host
leaves it free on the others, which a swarm does not support.
"""

from collections.abc import Iterable
from itertools import combinations

from stackferry.emulator.cluster.objects import Service
from stackferry.emulator.cluster.spec import PublishedPort, ServiceSpec
from stackferry.grammar.diagnostics import StackferryError

_ALL = {"0.0.0.0": ".", "::": ":", "": ""}  # noqa: S104 - compared, not bound
"""The character that each "all addresses" shares with the addresses that it covers."""


def refuse_taken(spec: ServiceSpec, others: Iterable[Service], failed: str = "") -> None:
    """Raises StackferryError if one of the other services has a port that this service publishes."""
    for other in others:
        if other.removed or other.spec.name == spec.name:
            continue
        for port in spec.endpoint.ports:
            rival = next((one for one in other.spec.endpoint.ports if collide(port, one)), None)
            if rival is not None:
                how = "an ingress port" if rival.mode == "ingress" else "a host-published port"
                known = f" ({other.id})" if other.id else ""
                holder = f"service '{other.spec.name}'{known} as {how}"
                message = f"{failed}port '{port.published}' is already in use by {holder}"
                raise StackferryError(message, "publish another port")


def refuse_twice(ports: Iterable[PublishedPort]) -> None:
    """Raises StackferryError if one service publishes a port of the host twice."""
    twice = next((one for one, other in combinations(ports, 2) if same(one, other)), None)
    if twice is not None:
        message = f"EndpointSpec: duplicate published ports provided: {twice.published}/{twice.protocol}"
        raise StackferryError(message, "publish each port once")


def collide(port: PublishedPort, other: PublishedPort) -> bool:
    """Whether two services cannot both publish these ports."""
    return "ingress" in (port.mode, other.mode) and same(port, other)


def same(port: PublishedPort, other: PublishedPort) -> bool:
    """Whether both are the same port of the host. A port without a number never is."""
    number = bool(port.published) and port.published == other.published and port.protocol == other.protocol
    return number and (_covers(port.host_ip, other.host_ip) or _covers(other.host_ip, port.host_ip))


def _covers(address: str, other: str) -> bool:
    return address == other or (address in _ALL and _ALL[address] in (other or _ALL[address]))
