"""Replaces a network that tasks run in. An engine can neither change nor rename a network, nor have two of one name.

So for a moment there is no network: every container is disconnected, the network is removed and recreated, and every
container is connected to it, while its processes run on. Called by `provision.py` for the first task that needs the
new network; the service's update policy then replaces the other tasks in it, one after the other.
If the new network cannot be created, the old one is, and everything is as before apart from open connections.
"""

import logging
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace

from stackferry.emulator.agent.network_endpoints import addressed
from stackferry.emulator.cluster.labels import GATE, STACK
from stackferry.emulator.engine.protocol import ContainerInfo, Engine, EngineAwayError, EngineError
from stackferry.emulator.engine.resources import NetworkInfo
from stackferry.grammar.diagnostics import StackferryError

log = logging.getLogger("stackferry.manager")

PATIENCE = 10.0
"""Seconds for a network to become free: a container may start in it at the last moment."""

PAUSE = 0.05

WORKERS = 8
"""Containers that are disconnected or connected at a time."""


def swap_network(engine: Engine, stack: str, info: NetworkInfo, make: Callable[[], None]) -> list[ContainerInfo]:
    """Replace the network, by `make`. Returns the stack's containers that were in it, as they were.

    Raises StackferryError, with everything as before, if others are in it, or it cannot be created.
    """
    began = time.monotonic()
    inside: dict[str, ContainerInfo] = {}
    try:
        _empty(engine, stack, info, inside)
        try:
            make()
        except EngineAwayError:
            raise
        except StackferryError as error:
            log.warning("cannot create network %s with its new settings: %s; restoring the old one", info.name, error)
            engine.create_network(info.name, body_of(info))
            raise
    finally:
        # Also if it was not removed: some containers were disconnected by then.
        _each(inside.values(), lambda one: _connect(engine, info.name, one))
    log.info("network %s replaced after %.0f ms", info.name, 1000 * (time.monotonic() - began))
    return [*inside.values()]


def _empty(engine: Engine, stack: str, info: NetworkInfo, inside: dict[str, ContainerInfo]) -> None:
    """Disconnect all containers and remove the network. `inside` collects the disconnected containers."""
    deadline = time.monotonic() + PATIENCE
    while True:
        own, lost = _legs(engine, stack, info)
        inside |= {one.id: one for one in own}
        _each(own, lambda one: engine.disconnect(info.id, one.id))
        for name in lost:
            # It may be gone by now.
            with suppress(EngineError):
                engine.disconnect(info.id, name)
        try:
            engine.remove_network(info.id)
        except EngineError as error:
            if isinstance(error, EngineAwayError) or time.monotonic() > deadline:
                raise
            time.sleep(PAUSE)
        else:
            return


def _legs(engine: Engine, stack: str, info: NetworkInfo) -> tuple[list[ContainerInfo], list[str]]:
    """The stack's containers connected to it, including those that wait for their start; and stale endpoints."""
    own = [one for one in engine.containers({STACK: stack}) if info.name in one.endpoints and GATE not in one.labels]
    now = engine.inspect_network(info.id)
    known = {one.name for one in own}
    lost = [name for name in (now.legs if now else ()) if name not in known]
    others = [name for name in lost if (found := engine.inspect(name)) and found.labels.get(STACK) != stack]
    if others:
        raise StackferryError(
            f"network {info.name} must be replaced, but containers that are not part of the stack are"
            f" connected to it: {', '.join(others)}",
            f"docker network disconnect {info.name} {others[0]}",
        )
    # An ended container has no endpoint, and is never started again.
    return [one for one in own if one.running or one.status == "created"], lost


def _connect(engine: Engine, network: str, info: ContainerInfo) -> None:
    """As before, or at any address. A container that fails is found to lack its network (`survey.py`) and replaced."""
    asked: Mapping[str, object] = info.endpoints.get(network, {})
    for endpoint in (addressed(asked, info.addresses.get(network, "")), addressed(asked, "")):
        try:
            engine.connect(network, info.id, endpoint)
        except EngineAwayError:
            raise
        except EngineError as error:
            log.info("%s in network %s: %s", info.name, network, error)
        else:
            return


def _each(containers: Iterable[ContainerInfo], act: Callable[[ContainerInfo], None]) -> None:
    """Act on all of them, several at a time; one failure does not skip the others."""

    def tried(info: ContainerInfo) -> None:
        try:
            act(info)
        except EngineError as error:
            log.info("%s: %s", info.name, error)

    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(tried, containers))


def body_of(info: NetworkInfo) -> dict[str, object]:
    """The body of POST /networks/create that recreates a network as it is."""
    pools = [replace(pool, gateway=pool.gateway.split("/")[0]).body() for pool in info.pools]
    body: dict[str, object] = {
        "Driver": info.driver,
        "CheckDuplicate": True,
        "Internal": info.internal,
        "Attachable": info.attachable,
        "Options": dict(info.options),
        "Labels": dict(info.labels),
        "EnableIPv6": info.ipv6,
        "IPAM": {"Driver": info.ipam_driver, "Config": pools, "Options": dict(info.ipam_options)},
    }
    return body if info.ipv4 is None else {**body, "EnableIPv4": info.ipv4}
