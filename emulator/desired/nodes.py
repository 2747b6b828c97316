"""`x-stackferry: {nodes: [...]}`: the virtual nodes that a stack asks for.

Part of `stack.py`. A node is written as a name, or as a mapping with name, role, labels, cpus, memory
and availability; a number instead of the list asks for that many plain nodes.
"""

from collections.abc import Callable, Mapping
from dataclasses import field

from stackferry.emulator.desired.findings import Findings
from stackferry.grammar.compose.syntax.quantities import nano_cpus, size
from stackferry.grammar.key_path import Path
from stackferry.grammar.lazy_dataclass import dataclass

KEY = "x-stackferry"
MOST = 254
"""The number of nodes that fit in 127.0.0.0/24, one loopback address each."""


@dataclass(frozen=True, slots=True)
class NodeSpec:
    """A node that the stack asks for. `role` empty: a worker, or the manager that every stack needs.

    `nano_cpus` and `memory` 0: those of the engine. `plain`: asked for by number, so that any existing node will do,
    whatever its name.
    """

    name: str
    role: str = ""
    availability: str = "active"
    labels: Mapping[str, str] = field(default_factory=dict)
    nano_cpus: int = 0
    memory: int = 0
    plain: bool = False


def numbered(count: int) -> tuple[NodeSpec, ...]:
    """`--nodes 3`, or that number in the file: node-1 (which becomes the manager) to node-3."""
    return tuple(NodeSpec(f"node-{number}", plain=True) for number in range(1, count + 1))


def node_specs(extension: object, findings: Findings) -> tuple[NodeSpec, ...]:
    """The nodes of the top-level extension; empty if it asks for none."""
    if extension is None:
        return ()
    if not isinstance(extension, Mapping):
        findings.refuse((KEY,), "nodes", "expected a mapping", "write x-stackferry: {nodes: [a, b]}")
        return ()
    for key in extension:
        if key != "nodes":
            findings.refuse((KEY, str(key)), "nodes", f"unknown key {key!r}", "the only key is nodes")
    written = extension.get("nodes")
    if isinstance(written, int) and not isinstance(written, bool) and 0 < written <= MOST:
        return numbered(written)
    if written is None or not isinstance(written, list) or len(written) > MOST:
        if written is not None:
            findings.refuse(
                (KEY, "nodes"),
                "nodes",
                "expected a list of nodes",
                f"write a list, or the number of nodes, 1 to {MOST}",
            )
        return ()
    nodes = [_node(one, (KEY, "nodes", index), findings) for index, one in enumerate(written)]
    names = [node.name for node in nodes]
    for index, name in enumerate(names):
        if name in names[:index]:
            findings.refuse((KEY, "nodes", index), "nodes", f"node {name} already exists", "give it another name")
    return tuple(nodes)


def _node(written: object, path: Path, findings: Findings) -> NodeSpec:
    if isinstance(written, str):
        written = {"name": written}
    if not isinstance(written, Mapping):
        findings.refuse(path, "nodes", "expected a name or a mapping", "write {name: a, labels: {disk: ssd}}")
        return NodeSpec("")
    values: dict[str, object] = {}
    for key, value in written.items():
        read = _READERS.get(str(key))
        if read is None:
            known = ", ".join(_READERS)
            findings.refuse((*path, str(key)), "nodes", f"unknown key {key!r}", f"known are {known}")
            continue
        try:
            name, read_value = read(value)
            values[name] = read_value
        except (ValueError, TypeError, OverflowError) as error:
            findings.refuse((*path, str(key)), "nodes", str(error))
    if not values.get("name"):
        findings.refuse(path, "nodes", "the node has no name", "write name: …")
        values["name"] = ""
    return NodeSpec(**values)  # type: ignore[arg-type]


def _text(value: object) -> tuple[str, object]:
    return "name", str(value or "")


def _choice(name: str, *choices: str) -> Callable[[object], tuple[str, object]]:
    def read(value: object) -> tuple[str, object]:
        if value not in choices:
            raise ValueError(f"{value!r} is not one of {', '.join(choices)}")
        return name, value

    return read


def _labels(value: object) -> tuple[str, object]:
    if isinstance(value, list):
        value = dict(str(one).partition("=")[::2] for one in value)
    if not isinstance(value, Mapping):
        raise TypeError("expected a mapping of labels")
    return "labels", {
        str(key): ("" if one is None else str(one).lower() if isinstance(one, bool) else str(one))
        for key, one in value.items()
    }


def _cpus(value: object) -> tuple[str, object]:
    nano = nano_cpus(str(value))
    if nano <= 0:
        raise ValueError(f"{value!r} is not a number of CPUs")
    return "nano_cpus", nano


def _memory(value: object) -> tuple[str, object]:
    return "memory", int(size(str(value)))


_READERS: Mapping[str, Callable[[object], tuple[str, object]]] = {
    "name": _text,
    "role": _choice("role", "manager", "worker"),
    "availability": _choice("availability", "active", "pause", "drain"),
    "labels": _labels,
    "cpus": _cpus,
    "memory": _memory,
}
