"""Gives a running task back the legs that somebody took from it in its networks: part of `executor.py`."""

from collections.abc import Callable, Mapping

from stackferry.emulator.agent.network_endpoints import addressed, cut_off
from stackferry.emulator.agent.provision import Provision
from stackferry.emulator.cluster.objects import Cluster, Task
from stackferry.emulator.engine.protocol import Engine, EngineAwayError, EngineError
from stackferry.emulator.webnet.leg import Leg
from stackferry.grammar.diagnostics import StackferryError

_ANY_ADDRESS = ("Address already in use", "user configured subnet")
"""The engine's words for an address that may not be had, though it is one of the network."""


def connected_again(
    engine: Engine, provision: Provision, cluster: Cluster, task: Task, leg_of: Callable[[Task], Leg | None]
) -> str:
    """Connect a task's container to all networks that it was taken out of. Why one of them cannot be, or nothing.

    It gets its former address and its names, so that what others know of it stays true.
    """
    container = task.template.container
    if container is None:
        # Adopted from its labels: what it had in its networks is not known.
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
            # Whoever took it out has removed the network since, and the engine has not told of that yet.
            provision.unknow()
        else:
            break
    return ""


_ATTEMPTS = 5
_NO_NETWORK = " not found"
"""The end of the engine's words for a network that is not there, of any version."""


def _give_leg(engine: Engine, network: str, container_id: str, body: Mapping[str, object], *, named: bool) -> None:
    """`named`: the file says which address it has, and no other will do."""
    try:
        connect(engine, network, container_id, body)
    except EngineError as error:
        # Somebody has the address by now, or the engine lets nobody ask for one. But one that is in no subnet of the
        # network says that all addresses are others: so is that of the resolver, which a container keeps for life.
        if named or not any(text in error.message for text in _ANY_ADDRESS):
            raise
        connect(engine, network, container_id, addressed(body, ""))


def connect(engine: Engine, network: str, container_id: str, endpoint: Mapping[str, object]) -> None:
    """Give a container a leg, if it has none yet."""
    try:
        engine.connect(network, container_id, endpoint)
    except EngineError as error:
        # It may have been connected by a manager that died after it.
        if "already exists in network" not in error.message:
            raise


def words(error: StackferryError) -> str:
    """What `ps` shows of an error: the engine's own words."""
    return error.message if isinstance(error, EngineError) else str(error)
