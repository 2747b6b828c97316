"""Checks that container names are unique: `config` reports this after all other consistency checks."""

from stackferry.grammar.compose.tree.node import Node
from stackferry.grammar.diagnostics import Diagnostics


def check_container_names(root: Node, report: Diagnostics) -> None:
    """No two services share a container name."""
    taken: dict[str, str] = {}
    for name, service in (root.get("services") or Node({})).value.items():
        container = service.get("container_name")
        if container is None:
            continue
        if container.value in taken:
            report.error(
                "contradiction",
                (
                    f"service {name!r}: container name {container.value!r} is already used by service"
                    f" {taken[container.value]!r}"
                ),
                container.key_span,
            )
        taken.setdefault(container.value, name)
