"""Replaces a network that tasks run in. An engine can neither change one, nor have two of a name, nor rename one.

So for a moment there is none: every container is taken out, the network removed and made again, and every container
connected to it, while its processes run on. Called by `provision.py` for the first task that needs the new network;
the tasks that are in it by then are replaced one after the other, by their service's update policy.
If the new one cannot be made, the old one is, and all are as they were but for their connections.
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
"""Containers that are taken out, or connected, at a time."""


def swap_network(engine: Engine, stack: str, info: NetworkInfo, make: Callable[[], None]) -> list[ContainerInfo]:
    """Have another network of the name, by `make`. Gives the stack's containers that were in it, as they were.

    Raises StackferryError, with everything as before, where others are in it, or it cannot be made.
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
        # Also where it was not removed: some were taken out of it by then.
        _each(inside.values(), lambda one: _connect(engine, info.name, one))
    log.info("network %s replaced after %.0f ms", info.name, 1000 * (time.monotonic() - began))
    return [*inside.values()]


def _empty(engine: Engine, stack: str, info: NetworkInfo, inside: dict[str, ContainerInfo]) -> None:
    """Take everybody out and remove it. `inside` gets those who were in it."""
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
    """The stack's containers with a leg in it, also those that wait for their start; and legs of nobody."""
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
    # What has ended has no leg, and is never started again.
    return [one for one in own if one.running or one.status == "created"], lost


def _connect(engine: Engine, network: str, info: ContainerInfo) -> None:
    """As it was, or at any address. Who cannot be is found to have lost its leg (`survey.py`), and is replaced."""
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
    """For all of them, several at a time; what fails for one is no reason to leave out another."""

    def tried(info: ContainerInfo) -> None:
        try:
            act(info)
        except EngineError as error:
            log.info("%s: %s", info.name, error)

    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(tried, containers))


def body_of(info: NetworkInfo) -> dict[str, object]:
    """The body for POST /networks/create that makes a network as it is."""
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
