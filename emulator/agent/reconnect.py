"""Reconnects a running task to networks that somebody disconnected it from: part of `executor.py`."""

from collections.abc import Callable, Mapping

from stackferry.emulator.agent.network_endpoints import addressed, cut_off
from stackferry.emulator.agent.provision import Provision
from stackferry.emulator.cluster.objects import Cluster, Task
from stackferry.emulator.engine.protocol import Engine, EngineAwayError, EngineError
from stackferry.emulator.webnet.leg import Leg
from stackferry.grammar.diagnostics import StackferryError

_ANY_ADDRESS = ("Address already in use", "user configured subnet")
"""The engine's words for an address of the network that it does not grant."""


def connected_again(
    engine: Engine, provision: Provision, cluster: Cluster, task: Task, leg_of: Callable[[Task], Leg | None]
) -> str:
    """Connect a task's container to all networks that it was disconnected from. Returns why one failed, or nothing.

    It gets its former address and its names, so that what others know of it stays true.
    """
    container = task.template.container
    if container is None:
        # It was adopted from its labels: its endpoints in its networks are unknown.
        return ""
    for attempt in range(_ATTEMPTS):
        try:
            provision.networks(container)
            leg = leg_of(task)
            for network, body in cut_off(cluster, task):
                named = any(one.network == network and one.ipv4_address for one in container.networks)
                _give_leg(engine, network, task.container_id, leg.endpoint(network, body) if leg else body, named=named)
        except EngineAwayError:
            raise
        except StackferryError as error:
            if not (isinstance(error, EngineError) and _NO_NETWORK in error.message) or attempt == _ATTEMPTS - 1:
                return words(error)
            # Somebody has removed the network since, and the engine has not reported that yet.
            provision.unknow()
        else:
            break
    return ""


_ATTEMPTS = 5
_NO_NETWORK = " not found"
"""The end of the engine's words, in all versions, for a missing network."""


def _give_leg(engine: Engine, network: str, container_id: str, body: Mapping[str, object], *, named: bool) -> None:
    """`named`: the file fixes the address, and no other will do."""
    try:
        connect(engine, network, container_id, body)
    except EngineError as error:
        # Another container has the address by now, or the engine grants no chosen address. But an address outside the
        # network's subnets means that all addresses changed, also that of the resolver, which a container keeps for
        # life.
        if named or not any(text in error.message for text in _ANY_ADDRESS):
            raise
        connect(engine, network, container_id, addressed(body, ""))


def connect(engine: Engine, network: str, container_id: str, endpoint: Mapping[str, object]) -> None:
    """Connect a container to a network, unless it is connected."""
    try:
        engine.connect(network, container_id, endpoint)
    except EngineError as error:
        # A manager may have connected it and died.
        if "already exists in network" not in error.message:
            raise


def words(error: StackferryError) -> str:
    """The text that `ps` shows of an error: the engine's own words."""
    return error.message if isinstance(error, EngineError) else str(error)
