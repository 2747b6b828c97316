"""Whether the next state of a gate only adds tasks to services that have some. Pure; `gate_worker.py` asks.

Such a change may wait a moment, since nobody waits for it. Other changes are urgent: the first task of a service, a
task that leaves, a new name.
"""

from dataclasses import replace

from stackferry.emulator.webnet.gate_state import GateState
from stackferry.emulator.webnet.nftables import Backend


def only_grows(before: GateState, state: GateState) -> bool:
    """Whether the only difference is that services with tasks get more of them."""
    if _fixed(before) != _fixed(state):
        return False
    had, has = _tasks(before), _tasks(state)
    if had.keys() != has.keys() or not all(tasks and tasks <= has[of] for of, tasks in had.items()):
        return False
    knew, knows = _names(before), _names(state)
    return knew.keys() == knows.keys() and all(addresses <= knows[name] for name, addresses in knew.items())


def _fixed(state: GateState) -> GateState:
    """The state without the tasks and their names."""
    resolvers = tuple(replace(one, entries=()) for one in state.resolvers)
    return replace(state, balanced=(), forwards=(), resolvers=resolvers, returning=())


def _tasks(state: GateState) -> dict[object, frozenset[Backend]]:
    """The tasks behind each VIP and each published port."""
    vips = {(one.vip, one.vip6): frozenset(one.backends) for one in state.balanced}
    return vips | {(one.published, one.protocol, one.target): frozenset(one.backends) for one in state.forwards}


def _names(state: GateState) -> dict[object, set[object]]:
    """The addresses of each name, by resolver."""
    found: dict[object, set[object]] = {}
    for resolver in state.resolvers:
        for entry in resolver.entries:
            for name in entry.names:
                found.setdefault((resolver.place, name), set()).add(entry.address)
    return found
