"""Placement constraints: `node.labels.disk == ssd` (swarmkit manager/constraint).

The model (`terms.py`) splits them into parts; this module says what is legal. Each text is parsed once and cached. The
scheduler, the global orchestrator, the enforcer and the check for dirty tasks match constraints against nodes.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from ipaddress import ip_address, ip_network

from stackferry.emulator.cluster.objects import Node
from stackferry.grammar.compose.model import terms
from stackferry.grammar.diagnostics import StackferryError
from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.grammar.regex import regex

_KEY = regex(r"[a-z_][a-z0-9\-_.]+", re.IGNORECASE)
_VALUE = regex(r"[a-z0-9:\-_\s.*()?+\[\]\\^$|/]+", re.IGNORECASE)
_ARCHITECTURES = {"x86_64": "amd64", "i386": "386", "aarch64": "arm64"}

_FIELDS: Mapping[str, Callable[[Node], str]] = {
    "node.id": lambda node: node.id,
    "node.hostname": lambda node: node.hostname,
    "node.role": lambda node: node.role,
    "node.platform.os": lambda node: node.os,
    "node.platform.arch": lambda node: _ARCHITECTURES.get(node.arch, node.arch),
}
_LABELS: Mapping[str, Callable[[Node], Mapping[str, str]]] = {
    "node.labels.": lambda node: node.labels,
    "engine.labels.": lambda node: node.engine_labels,
}


@dataclass(frozen=True, slots=True)
class Constraint:
    """`key operator value`; the operator is == or !=."""

    key: str
    equal: bool
    value: str

    def __str__(self) -> str:
        return f"{self.key}{'==' if self.equal else '!='}{self.value}"


@cache
def parse(text: str) -> Constraint:
    """Parse a constraint. Raises StackferryError in swarm's words."""
    said = terms.Constraint(text)
    if not said.operator:
        hint = f"write {text!r} in the form node.labels.disk==ssd"
        raise StackferryError("constraint expected one operator from ==, !=", hint)
    for what, part, legal in (("key", said.key, _KEY), ("value", said.value, _VALUE)):
        if not legal.fullmatch(part):
            raise StackferryError(f"{what} '{part}' is invalid", f"in the placement constraint {text!r}")
    return Constraint(said.key, said.operator == "==", said.value)


def matches(constraints: Iterable[str], node: Node) -> bool:
    """Whether a node satisfies all constraints."""
    return all(_holds(parse(text), node) for text in constraints)


def _holds(constraint: Constraint, node: Node) -> bool:
    key = constraint.key.lower()
    if key == "node.ip":
        return _same_address(constraint.value, node.address) is constraint.equal
    if key in _FIELDS:
        return _same(constraint.value, _FIELDS[key](node)) is constraint.equal
    for prefix, labels in _LABELS.items():
        if key.startswith(prefix):
            # The name of a label keeps its case; a missing label counts as empty.
            return _same(constraint.value, labels(node).get(constraint.key[len(prefix) :], "")) is constraint.equal
    return False


def _same(wanted: str, found: str) -> bool:
    return wanted.lower() == found.lower()


def _same_address(wanted: str, found: str) -> bool:
    try:
        if "/" in wanted:
            return ip_address(found) in ip_network(wanted, strict=False)
        return ip_address(found) == ip_address(wanted)
    except ValueError:
        return False
