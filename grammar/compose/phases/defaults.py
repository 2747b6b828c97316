"""Defaults that hold per file, filled in before the file is included or extended.

After `longform.py`. Defaults that need the whole project are in `normalise.py`. Paths as in
compose-go's `transform.SetDefaultValues`.
"""

from collections.abc import Callable

from stackferry.grammar.compose.tree.containers import WORKLOAD_PATHS, for_each
from stackferry.grammar.compose.tree.node import Node
from stackferry.grammar.compose.tree.path import compile_patterns, rewrite


def defaults(root: Node) -> Node:
    """`root` with the defaults of the table filled in; they have no position."""
    return rewrite(root, _RULES, lambda fill, node, _: fill(node) if type(node.value) is dict else node)


def _filled(node: Node, **values: object) -> Node:
    missing = {name: Node(value) for name, value in values.items() if name not in node.value}
    return node._replace(value={**node.value, **missing}) if missing else node


def _build(node: Node) -> Node:
    return _filled(node, context=".")


def _port(node: Node) -> Node:
    return _filled(node, protocol="tcp", mode="ingress")


def _secret(node: Node) -> Node:
    source = node.get("source")
    return _filled(node, target=f"/run/secrets/{source.value if source else ''}")


def _device_request(node: Node) -> Node:
    return node if "device_ids" in node.value else _filled(node, count="all")


def _bind(node: Node) -> Node:
    return _filled(node, create_host_path=True)


DEFAULTS: dict[str, Callable[[Node], Node]] = {
    **for_each(
        WORKLOAD_PATHS,
        {
            "build": _build,
            "secrets.*": _secret,
            "ports.*": _port,
            "gpus.*": _device_request,
            "volumes.*.bind": _bind,
        },
    ),
    "services.*.deploy.resources.reservations.devices.*": _device_request,
}
_RULES = compile_patterns(DEFAULTS)
