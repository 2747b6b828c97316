"""The virtual nodes of a stack: asked for by `--nodes` or in the file, else one, all on the one engine.

Their ids are made from stack and name, so that the labels of containers find them again when the store is
lost. Each has a loopback address of its own, on which host-mode ports are bound.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from ipaddress import IPv4Address
from itertools import count

from emulator.cluster import Node
from emulator.door import EngineVersion
from emulator.draft import id_of
from emulator.virtual import NodeSpec

_FIRST = IPv4Address("127.0.0.1")


def nodes_of(stack: str, specs: Sequence[NodeSpec], engine: EngineVersion, now: float = 0.0) -> Mapping[str, Node]:
    """The nodes by id, as made at `now`. None asked for: one, called after the engine's host."""
    wanted = specs or (NodeSpec(engine.name or "local", "manager"),)
    nodes = (_node(stack, spec, engine, number) for number, spec in enumerate(wanted))
    return {node.id: replace(node, created_at=now, updated_at=now) for node in nodes}


def numbered(count: int) -> tuple[NodeSpec, ...]:
    """`--nodes 3`: node-1, the manager, to node-3."""
    return tuple(NodeSpec(f"node-{number}", "worker" if number > 1 else "manager") for number in range(1, count + 1))


def with_nodes(there: Mapping[str, Node], wanted: Mapping[str, Node], *, asked: bool) -> dict[str, Node]:
    """The nodes after a deployment: those that there are as users changed them since, and new ones.

    Those that are not wanted leave; where none was `asked` for, all stay. The engine may have been upgraded.
    """
    if not asked and any(not node.leaving for node in there.values()):
        version = next(iter(wanted.values())).engine_version
        return {key: replace(node, engine_version=version) for key, node in there.items()}
    after = {key: _after(node, wanted.get(key)) for key, node in there.items()}
    taken = {node.address for node in after.values()}
    for key, node in wanted.items():
        if key not in after:
            # One that leaves holds its address until it is gone.
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
    # Asked for again before it was gone, it is a new one.
    return replace(wanted if node.leaving else node, address=node.address, engine_version=wanted.engine_version)


def _node(stack: str, spec: NodeSpec, engine: EngineVersion, number: int) -> Node:
    return Node(
        id=id_of(f"{stack}/{spec.name}"),
        hostname=spec.name,
        role=spec.role,
        availability=spec.availability,
        labels=spec.labels,
        engine_labels=engine.labels,
        os=engine.os,
        arch=engine.arch,
        nano_cpus=spec.nano_cpus or engine.cpus * 1_000_000_000,
        memory=spec.memory or engine.memory,
        address=str(_FIRST + number),
        engine_version=engine.version,
    )
