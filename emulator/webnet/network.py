"""Makes a stack's networks, with a part of their addresses kept for the gate (`address.py`), and removes them.

One of the same name that the stack did not make (`cluster/ownership.py`) is neither used nor removed.
"""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from ipaddress import IPv4Address, IPv4Network
from pathlib import Path

from stackferry.emulator.cluster.labels import NETWORK
from stackferry.emulator.cluster.objects import Service
from stackferry.emulator.cluster.ownership import is_own, network_in_the_way
from stackferry.emulator.desired.networks import NetworkSpec
from stackferry.emulator.engine.protocol import Engine, EngineError
from stackferry.emulator.engine.resources import NetworkInfo
from stackferry.emulator.webnet.address import choose, host_routes, ipv4, planned
from stackferry.emulator.webnet.network_changes import recorded
from stackferry.grammar.diagnostics import StackferryError

ROUTES = Path("/proc/net/route")
"""The routes of this host, as the kernel writes them."""

_ATTEMPTS = 100
"""Stacks that are brought up at once all choose the same share: at each attempt one of them gets it."""


def network_called(engine: Engine, name: str) -> NetworkInfo | None:
    """The network of that name; an engine also takes the beginning of another one's id for a name."""
    info = engine.inspect_network(name)
    return info if info is not None and info.name == name else None


def has_network(engine: Engine, stack: str, name: str, key: str = "") -> bool:
    """Whether a stack's own network is there. Raises StackferryError where another has its name."""
    info = network_called(engine, name)
    if info is None:
        return False
    if not is_own(info.labels, stack):
        raise StackferryError(*network_in_the_way(name, info.labels, key))
    return True


def remove_network(engine: Engine, stack: str, name: str) -> None:
    """Remove a stack's own network, if it is there and the stack's own."""
    info = network_called(engine, name)
    if info is not None and is_own(info.labels, stack):
        engine.remove_network(info.id)


def make_network(
    engine: Engine,
    spec: NetworkSpec,
    services: Mapping[str, Service],
    others: Iterable[NetworkSpec] = (),
    routes: Path = ROUTES,
    near: Iterable[str] = (),
) -> None:
    """Make it. `services` of the stack tell how many addresses it needs, `others` which ones its networks ask for.

    What this host's `routes` lead to is not chosen. One that was there before gets its subnet again, if nobody else
    has it by now: `near` are addresses that tasks had in it. They keep those of their resolvers for life.
    """
    spec = replace(spec, labels={**spec.labels, NETWORK: recorded(spec)})
    if spec.driver not in ("", "bridge"):
        engine.create_network(spec.name, spec.body())
        return
    inside = [one.spec for one in services.values() if spec.name in one.spec.task.networks]
    tasks = sum(one.replicas for one in inside)
    # The gate of published ports has an address, too.
    ours = len(inside) + sum(any(port.mode == "ingress" for port in one.endpoint.ports) for one in inside)
    # A network that nobody gave a subnet may be made before one that somebody did.
    asked = [found for one in others for pool in one.pools if (found := ipv4(pool.subnet))]
    there = [IPv4Address(one) for one in near if one]
    refused: list[IPv4Network] = []
    for attempt in range(_ATTEMPTS):
        subnet = choose((*_taken(engine, routes), *asked, *refused), tasks, ours, there)
        try:
            engine.create_network(spec.name, planned(spec, subnet).body())
        except EngineError as error:
            # Somebody else took it meanwhile, or the engine knows a reason that we do not.
            if spec.pools or "overlap" not in error.message or attempt == _ATTEMPTS - 1:
                raise
            refused.append(subnet)
        else:
            return


def _taken(engine: Engine, routes: Path) -> Iterable[IPv4Network]:
    for network in engine.networks({}):
        yield from (found for text in network.subnets if (found := ipv4(text)))
    # The engine's host may be another machine; then this one's routes only make us choose more carefully.
    with suppress(OSError):
        yield from host_routes(routes.read_text(encoding="ascii"))
