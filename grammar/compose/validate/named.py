"""Checks services that are enabled only by being named: no other check has seen them (`phases/profiles.py`)."""

from collections.abc import Iterable, Mapping

from stackferry.grammar.compose.tree.node import Node
from stackferry.grammar.compose.validate.consistency import Known, dependencies, place
from stackferry.grammar.diagnostics import Diagnostics


def check_dependencies(root: Node, names: Iterable[str], disabled: Mapping[str, Node], report: Diagnostics) -> None:
    """Report dependencies of `names` that the stack does not have."""
    services, jobs = ((root.get(section) or Node({})).value for section in ("services", "jobs"))
    known = Known(services, jobs, disabled, {}, frozenset(), report.did_you_mean)
    for name in names:
        service = services[name]
        for found in dependencies(name, service, known):
            report.error(found.code, f"service {name!r}: {found.message}", place(found.node, service), found.hint)
