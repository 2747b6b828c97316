"""The virtual nodes of a stack: asked for by `--nodes` or in the file, else one, all on the one engine.

Their ids are made from stack and name, so that the labels of containers find them again when the store is
lost. Each has a loopback address of its own, on which host-mode ports are bound.
"""

from collections.abc import Mapping, Sequence
from ipaddress import IPv4Address

from emulator.cluster import Node
from emulator.door import EngineVersion
from emulator.draft import id_of
from emulator.virtual import NodeSpec

_FIRST = IPv4Address("127.0.0.1")


def nodes_of(stack: str, specs: Sequence[NodeSpec], engine: EngineVersion) -> Mapping[str, Node]:
    """The nodes by id. None asked for: one, called after the engine's host."""
    wanted = specs or (NodeSpec(engine.name or "local", "manager"),)
    return {node.id: node for node in (_node(stack, spec, engine, number) for number, spec in enumerate(wanted))}


def numbered(count: int) -> tuple[NodeSpec, ...]:
    """`--nodes 3`: node-1, the manager, to node-3."""
    return tuple(NodeSpec(f"node-{number}", "worker" if number > 1 else "manager") for number in range(1, count + 1))


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
