"""Makes a network with a part of its addresses kept for the gate (`address.py`). Called by `agent/provision.py`."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from ipaddress import IPv4Network
from pathlib import Path

from stackferry.emulator.cluster.objects import Service
from stackferry.emulator.desired.networks import NetworkSpec
from stackferry.emulator.engine.protocol import Engine, EngineError
from stackferry.emulator.webnet.address import choose, host_routes, ipv4, planned

ROUTES = Path("/proc/net/route")
"""The routes of this host, as the kernel writes them."""

_ATTEMPTS = 100
"""Stacks that are brought up at once all choose the same share: at each attempt one of them gets it."""


def make_network(
    engine: Engine,
    spec: NetworkSpec,
    services: Mapping[str, Service],
    others: Iterable[NetworkSpec] = (),
    routes: Path = ROUTES,
) -> None:
    """Make it. `services` of the stack tell how many addresses it needs, `others` which ones its networks ask for.

    What this host's `routes` lead to is not chosen.
    """
    if spec.driver not in ("", "bridge"):
        engine.create_network(spec.name, spec.body())
        return
    inside = [one.spec for one in services.values() if spec.name in one.spec.task.networks]
    tasks = sum(one.replicas for one in inside)
    # A network that nobody gave a subnet may be made before one that somebody did.
    asked = [found for one in others for pool in one.pools if (found := ipv4(pool.subnet))]
    refused: list[IPv4Network] = []
    for attempt in range(_ATTEMPTS):
        subnet = choose((*_taken(engine, routes), *asked, *refused), tasks, len(inside))
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
