"""The virtual nodes of a stack, all on one engine: requested by `--nodes` or in the file, else a single node.

Their ids are derived from stack and node name, so that containers' labels still match if the store is lost. Each
node has its own loopback address, on which host-mode ports are bound.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from ipaddress import IPv4Address
from itertools import chain, count, islice

from stackferry.emulator.cluster.ids import id_of
from stackferry.emulator.cluster.objects import Asked, Node
from stackferry.emulator.desired.nodes import NodeSpec
from stackferry.emulator.engine.protocol import EngineVersion

_FIRST = IPv4Address("127.0.0.1")


def nodes_of(stack: str, specs: Sequence[NodeSpec], engine: EngineVersion, now: float = 0.0) -> Mapping[str, Node]:
    """The nodes by id, as created at `now`. Without specs: a single node, named after the engine's host."""
    wanted = specs or (NodeSpec(engine.name or "local"),)
    lead = _lead(wanted)
    nodes = (_node(stack, spec, engine, number, leads=number == lead) for number, spec in enumerate(wanted))
    return {node.id: replace(node, created_at=now, updated_at=now) for node in nodes}


def suited(specs: Sequence[NodeSpec], there: Mapping[str, Node]) -> tuple[NodeSpec, ...]:
    """A requested number of nodes, expressed in the existing nodes, so that no task moves without need.

    Existing nodes stay and new ones are added; if there are too many, managers stay, then nodes that accept tasks, then
    the oldest. Nodes that are requested by name are taken as they are.
    """
    if not all(spec.plain for spec in specs):
        return tuple(specs)
    known = sorted(
        (node for node in there.values() if not node.leaving),
        key=lambda node: (node.role != "manager", not node.schedulable),
    )
    kept = [_as_it_is(node) for node in known[: len(specs)]]
    taken = {spec.name for spec in kept}
    # The third node is node-3 whatever the first two are called, unless one of them has that name.
    first, last = len(kept) + 1, len(specs) + 1
    numbers = chain(range(first, last), range(1, first), count(last))
    free = (name for number in numbers if (name := f"node-{number}") not in taken)
    return (*kept, *(NodeSpec(name, plain=True) for name in islice(free, len(specs) - len(kept))))


def _as_it_is(node: Node) -> NodeSpec:
    """A spec that asks for the node as it was last requested."""
    asked = node.asked
    role = asked.role if asked.role_said else ""
    availability = asked.availability or node.availability
    return NodeSpec(node.hostname, role, availability, asked.labels, node.nano_cpus, node.memory, plain=True)


def _lead(specs: Sequence[NodeSpec]) -> int:
    """The index of the manager if none is requested: the first node not requested as a worker. -1: one is requested."""
    if any(spec.role == "manager" for spec in specs):
        return -1
    return next((number for number, spec in enumerate(specs) if not spec.role), 0)


def with_nodes(there: Mapping[str, Node], wanted: Mapping[str, Node], *, asked: bool) -> dict[str, Node]:
    """The nodes after a deployment: existing nodes, changed as requested, and new ones.

    Nodes that are not wanted leave; if none was `asked` for, all stay. The engine may have been upgraded.
    """
    if not asked and any(not node.leaving for node in there.values()):
        version = next(iter(wanted.values())).engine_version
        return {key: replace(node, engine_version=version) for key, node in there.items()}
    after = {key: _after(node, wanted.get(key)) for key, node in there.items()}
    taken = {node.address for node in after.values()}
    for key, node in wanted.items():
        if key not in after:
            # A leaving node holds its address until it is gone.
            address = next(at for at in (str(_FIRST + number) for number in count()) if at not in taken)
            taken.add(address)
            after[key] = replace(node, address=address)
    if wanted and all(node.role != "manager" for node in after.values() if not node.leaving):
        first = next(iter(wanted))
        after[first] = replace(after[first], role="manager")
    return after


def _after(node: Node, wanted: Node | None) -> Node:
    if wanted is None:
        return replace(node, availability="drain", leaving=True)
    # A leaving node that is requested again is a new node.
    after = wanted if node.leaving else _changed(node, wanted)
    return replace(after, address=node.address, engine_version=wanted.engine_version)


def _changed(node: Node, wanted: Node) -> Node:
    """A node with what is requested now, keeping what users changed since the last deployment.

    A requested role and requested labels always apply; availability and a default role apply only if they differ from
    the last deployment's: a node that was drained by hand stays drained.
    """
    before, now = node.asked, wanted.asked
    anew = now.role_said or (before.role and before.role != now.role)
    by_hand = {key: value for key, value in node.labels.items() if key not in before.labels}
    after = replace(
        node,
        role=wanted.role if anew else node.role,
        availability=wanted.availability
        if before.availability and before.availability != now.availability
        else node.availability,
        labels={**by_hand, **wanted.labels},
        nano_cpus=wanted.nano_cpus,
        memory=wanted.memory,
        asked=now,
    )
    return after if replace(after, asked=before) == node else replace(after, updated_at=wanted.updated_at)


def _node(stack: str, spec: NodeSpec, engine: EngineVersion, number: int, *, leads: bool) -> Node:
    role = "manager" if leads else spec.role or "worker"
    return Node(
        id=id_of(f"{stack}/{spec.name}"),
        hostname=spec.name,
        role=role,
        availability=spec.availability,
        labels=spec.labels,
        engine_labels=engine.labels,
        os=engine.os,
        arch=engine.arch,
        nano_cpus=spec.nano_cpus or engine.cpus * 1_000_000_000,
        memory=spec.memory or engine.memory,
        address=str(_FIRST + number),
        engine_version=engine.version,
        asked=Asked(role, bool(spec.role) and not leads, spec.availability, spec.labels),
    )
