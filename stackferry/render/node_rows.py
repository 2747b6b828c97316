"""Rows of `node ls`: the virtual nodes of a stack. The first manager is the leader and the current node."""

from collections.abc import Iterable, Mapping

from stackferry.emulator.cluster.objects import Cluster, Node
from stackferry.render.columns import natural
from stackferry.render.filters import Test, has_label
from stackferry.render.format import Row, Shape

SHAPE = Shape(
    {
        "ID": "ID",
        "Self": "",
        "marked": "ID  ",
        "Hostname": "HOSTNAME",
        "Status": "STATUS",
        "Availability": "AVAILABILITY",
        "ManagerStatus": "MANAGER STATUS",
        "EngineVersion": "ENGINE VERSION",
        "TLSStatus": "TLS STATUS",
    },
    ("marked", "Hostname", "Status", "Availability", "ManagerStatus", "EngineVersion"),
)


def node_rows(cluster: Cluster, nodes: Iterable[Node]) -> list[Row]:
    """Rows sorted by name in natural order."""
    leading = leader(cluster)
    return [
        {
            "ID": node.id,
            "Self": node is leading,
            "marked": f"{node.id} {'*' if node is leading else ' '}",
            "Hostname": node.hostname,
            "Status": "Ready" if node.ready else "Down",
            "Availability": node.availability.title(),
            "ManagerStatus": manager_status(cluster, node).title(),
            "EngineVersion": node.engine_version,
            "TLSStatus": "Ready",
        }
        for node in sorted(nodes, key=lambda one: natural(one.hostname))
    ]


def leader(cluster: Cluster) -> Node | None:
    """The first manager that is up."""
    managers = [node for node in cluster.nodes.values() if node.role == "manager"]
    return next((node for node in managers if node.ready), managers[0] if managers else None)


def manager_status(cluster: Cluster, node: Node) -> str:
    """`leader`, `reachable`, `unreachable`, or empty for a worker."""
    if node.role != "manager":
        return ""
    return "leader" if node is leader(cluster) else "reachable" if node.ready else "unreachable"


NODE_TESTS: Mapping[str, Test[Node]] = {
    "id": lambda node, value: node.id.startswith(value),
    "name": lambda node, value: node.hostname.startswith(value),
    "label": lambda node, value: has_label(node.engine_labels, value),
    "node.label": lambda node, value: has_label(node.labels, value),
    "role": lambda node, value: node.role == value.lower(),
    "membership": lambda _, value: value.lower() == "accepted",
}

NODE_VALUES = {"role": ("manager", "worker"), "membership": ("accepted", "pending")}
"""The allowed values of these keys of `--filter`."""
