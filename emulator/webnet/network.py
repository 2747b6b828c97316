"""Creates a stack's networks, with a part of their addresses reserved for gates (`address.py`), and removes them.

A network of the same name that the stack did not create (`cluster/ownership.py`) is neither used nor removed.
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
"""The routes of this host, as the kernel lists them."""

_ATTEMPTS = 100
"""Stacks that start at the same time all choose the same subnet: each attempt succeeds for one of them."""


def network_called(engine: Engine, name: str) -> NetworkInfo | None:
    """The network of that name; an engine also accepts the start of another network's id as a name."""
    info = engine.inspect_network(name)
    return info if info is not None and info.name == name else None


def has_network(engine: Engine, stack: str, name: str, key: str = "") -> bool:
    """Whether a stack's own network exists. Raises StackferryError if another network has its name."""
    info = network_called(engine, name)
    if info is None:
        return False
    if not is_own(info.labels, stack):
        raise StackferryError(*network_in_the_way(name, info.labels, key))
    return True


def remove_network(engine: Engine, stack: str, name: str) -> None:
    """Remove a stack's own network, if it exists and the stack owns it."""
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
    """Create the network. `services` tell how many addresses it needs, `others` which subnets other networks ask for.

    Subnets that this host's `routes` lead to are avoided. A recreated network gets its subnet again if that is still
    free: `near` are addresses that tasks had in it. Tasks keep their resolvers' addresses for life.
    """
    spec = replace(spec, labels={**spec.labels, NETWORK: recorded(spec)})
    if spec.driver not in ("", "bridge"):
        engine.create_network(spec.name, spec.body())
        return
    inside = [one.spec for one in services.values() if spec.name in one.spec.task.networks]
    tasks = sum(one.replicas for one in inside)
    # The gate of published ports needs an address, too.
    ours = len(inside) + sum(any(port.mode == "ingress" for port in one.endpoint.ports) for one in inside)
    # A network without a given subnet may be created before a network with one.
    asked = [found for one in others for pool in one.pools if (found := ipv4(pool.subnet))]
    there = [IPv4Address(one) for one in near if one]
    refused: list[IPv4Network] = []
    for attempt in range(_ATTEMPTS):
        subnet = choose((*_taken(engine, routes), *asked, *refused), tasks, ours, there)
        try:
            engine.create_network(spec.name, planned(spec, subnet).body())
        except EngineError as error:
            # Another process took it meanwhile, or the engine knows a reason that we do not.
            if spec.pools or "overlap" not in error.message or attempt == _ATTEMPTS - 1:
                raise
            refused.append(subnet)
        else:
            return


def _taken(engine: Engine, routes: Path) -> Iterable[IPv4Network]:
    for network in engine.networks({}):
        yield from (found for text in network.subnets if (found := ipv4(text)))
    # The engine may be on another machine; then this host's routes only make us choose more carefully.
    with suppress(OSError):
        yield from host_routes(routes.read_text(encoding="ascii"))
