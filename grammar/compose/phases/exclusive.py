"""Checks values that exclude or require each other within one entry, per document.

After `defaults.py`; checks that need the whole project are in `compose/validate/consistency.py`. Rows as in
compose-go's `validation` package.
"""

from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

from stackferry.grammar.compose.syntax.short_forms import is_address
from stackferry.grammar.compose.tree.node import Node
from stackferry.grammar.compose.tree.path import compile_patterns, rewrite
from stackferry.grammar.diagnostics import Diagnostics
from stackferry.grammar.key_path import Path, dotted


class Objection(NamedTuple):
    """What is wrong, where, and the remedy."""

    message: str
    node: Node
    hint: str = ""


Check = Callable[[Node], Iterator[Objection]]


def check_exclusive(root: Node, report: Diagnostics) -> None:
    """Report every objection of the table."""
    rewrite(root, _RULES, partial(_apply, report=report))


def _apply(check: Check, node: Node, path: Path, report: Diagnostics) -> Node:
    for objection in check(node):
        report.error(
            "exclusive",
            f"{dotted(path)}: {objection.message}",
            objection.node.key_span or node.key_span,
            objection.hint,
        )
    return node


def _source(node: Node, keys: tuple[str, ...]) -> Iterator[Objection]:
    said = [key for key in keys if node.get(key) is not None]
    listed = ", ".join(keys[:-1]) + f" or {keys[-1]}"
    if len(said) > 1:
        yield Objection(f"{' and '.join(said)} are mutually exclusive", node.value[said[1]], f"use one of {listed}")
    elif not said and type(node.value) is dict and not node.value.keys() & {"driver", "external"}:
        yield Objection(f"needs one of {listed}", node)


def _volume(node: Node) -> Iterator[Objection]:
    external = node.get("external")
    if external is None or external.value is not True:
        return
    for name, child in node.value.items():
        if name not in ("name", "external") and not name.startswith("x-"):
            yield Objection(
                f"external and {name} are mutually exclusive",
                child,
                "an external volume is not created, so it can only have a name",
            )


def _port(node: Node) -> Iterator[Objection]:
    address = node.get("host_ip")
    if address is not None and not is_address(str(address.value)):
        yield Objection(f"invalid IP address {address.value!r}", address)


def _watch_path(node: Node) -> Iterator[Objection]:
    if node.value == "":
        yield Objection("the path to watch cannot be empty", node)


def _device_request(node: Node) -> Iterator[Objection]:
    if node.get("count") is not None and node.get("device_ids") is not None:
        yield Objection("count and device_ids are mutually exclusive", node.value["device_ids"])


CHECKS: dict[str, Check] = {
    "volumes.*": _volume,
    "configs.*": partial(_source, keys=("file", "environment", "content")),
    "secrets.*": partial(_source, keys=("file", "environment")),
    "services.*.ports.*": _port,
    "services.*.develop.watch.*.path": _watch_path,
    "services.*.deploy.resources.reservations.devices.*": _device_request,
    "services.*.gpus.*": _device_request,
}
_RULES = compile_patterns(CHECKS)
