"""The extends phase: merges every service over the service it extends, within a file and across files.

Per document, after `include.py`: included services can be extended. A base in another file comes from `Bases`,
which `compose/stack.py` implements: it runs that file's phases up to long syntax and makes paths relative to ours.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple, Protocol

from stackferry.grammar.compose.phases.merge import merge_service
from stackferry.grammar.compose.syntax.short_forms import is_remote
from stackferry.grammar.compose.tree.containers import WORKLOADS
from stackferry.grammar.compose.tree.growth import size
from stackferry.grammar.compose.tree.node import Node
from stackferry.grammar.compose.tree.path import drop_paths
from stackferry.grammar.diagnostics import Diagnostics
from stackferry.grammar.key_path import Path


class Base(NamedTuple):
    """The services of one file, and the paths that it resets, by service.

    For the file being loaded they may be its jobs, as `section` says; `others` are the names in the other section.
    """

    file: str
    services: Mapping[str, Node]
    resets: Mapping[str, Iterable[Path]]
    section: str = "services"
    others: Collection[str] = ()


class Bases(Protocol):
    """Where the services of other files come from."""

    def services_of(self, reference: Node) -> Base | None:
        """The services of the file that `reference` names; None if it was reported as unusable."""

    def spend(self, path: Path, node: Node | None) -> None:
        """Record a key that has been used up and will not be in the tree."""


_Step = tuple[str, str]
"""A file and the name of a service in it."""


class _BrokenError(Exception):
    """The service cannot be extended; the error has been reported."""


def apply_extends(root: Node, file: str, resets: tuple[Path, ...], bases: Bases, report: Diagnostics) -> Node:
    """`root` with every service and every job extended. `file` names the document, `resets` are its reset paths.

    In the same file jobs extend jobs; in another file they extend its services.
    """
    for section in WORKLOADS:
        root = _section(section, root, file, resets, bases, report)
    return root


def _section(section: str, root: Node, file: str, resets: tuple[Path, ...], bases: Bases, report: Diagnostics) -> Node:
    entries = root.get(section)
    if entries is not None and entries.value is None:
        return _without_section(section, root, entries, report)
    if entries is None or type(entries.value) is not dict:
        return root
    if not any(child.get("extends") is not None for child in entries.value.values()):
        return root
    other = root.get("services" if section == "jobs" else "jobs")
    others = other.value if other is not None and type(other.value) is dict else ()
    here = Base(file, entries.value, resets_by_service(resets), section, others)
    done: dict[_Step, Node] = {}
    broken: set[_Step] = set()
    extended: dict[str, Node] = {}
    for name, child in entries.value.items():
        bases.spend((section, name, "extends"), child.get("extends"))
        try:
            service = _extend(name, here, done, broken, bases, report)
            # The result keeps the position of the service, not that of its base.
            extended[name] = service._replace(mark=child.mark, key=child.key)
        except _BrokenError:
            # Its other problems are still worth reporting.
            extended[name] = child.without("extends")
    return root._replace(value={**root.value, section: entries._replace(value=extended)})


def _without_section(section: str, root: Node, entries: Node, report: Diagnostics) -> Node:
    """Report a null section: Docker Compose refuses it in any document, although merging could keep earlier entries."""
    report.error(
        "wrong-type",
        f"{section}: expected a mapping, got nothing",
        entries.span,
        "remove the key, or give it a value",
    )
    return root.without(section)


def _extend(
    name: str, here: Base, done: dict[_Step, Node], broken: set[_Step], bases: Bases, report: Diagnostics
) -> Node:
    """A service merged over its bases.

    `done` keeps every result, `broken` every failure: bases are shared, and chains may be long.
    """
    chain: dict[_Step, Base] = {}
    base: Node | None = None
    while base is None:
        step = (here.file, name)
        if step in done:
            base = done[step]
            break
        reference = here.services[name].get("extends")
        if reference is None:
            base = here.services[name]
            break
        try:
            if step in broken:
                raise _BrokenError
            if step in chain:
                _refuse_cycle([*chain, step], reference, report)
            chain[step] = here
            name, here = _target(name, reference, here, bases, report)
        except _BrokenError:
            broken.update(chain)
            raise
    for step in reversed(chain):
        _, extending = step
        owner = chain[step]
        service = owner.services[extending]
        if base.value is None:
            base = service
        else:
            under = drop_paths(base, owner.resets.get(extending, ()))
            base = merge_service(under, service, extending, report).without("extends")
            report.grow(size(base), "services that extend others", service.key_span)
        done[step] = base
    return base


def _refuse_cycle(steps: list[_Step], reference: Node, report: Diagnostics) -> None:
    shown = "".join(f"\n  {service} in {file}" for file, service in steps)
    report.error("extends-cycle", f"services extend each other in a cycle:{shown}", reference.key_span)
    raise _BrokenError


def _target(name: str, reference: Node, here: Base, bases: Bases, report: Diagnostics) -> tuple[str, Base]:
    """The name of the extended service, and the file it is in."""
    service, file = reference, None
    if type(reference.value) is dict:
        file = reference.get("file")
        service = reference.get("service") or Node(None, reference.mark, reference.key)
    if type(service.value) is not str:
        message = f"{here.section}.{name}.extends: the name of a service is required"
        report.error("extends-syntax", message, reference.key_span)
        raise _BrokenError
    there = here
    if file is not None and file.value is not None:
        if type(file.value) is not str:
            report.error("extends-syntax", f"{here.section}.{name}.extends.file: expected a path", file.span)
            raise _BrokenError
        if is_remote(file.value):
            report.error(
                "remote-refused",
                f"{here.section}.{name}.extends.file: {file.value} is remote, and remote files are not fetched",
                file.span,
                "clone the repository, and use the path of the file in it",
            )
            raise _BrokenError
        found = bases.services_of(file)
        if found is None:
            raise _BrokenError
        there = found
    if service.value not in there.services:
        other = service.value in there.others
        report.error(
            "extends-unknown",
            f"{here.section[:-1]} {name!r} extends {service.value!r}, which is not defined in {there.file}",
            service.span,
            _OTHERS[there.section] if other else report.did_you_mean(service.value, there.services),
        )
        raise _BrokenError
    return service.value, there


_OTHERS = {
    "services": "that is a job, and a service can only extend services",
    "jobs": (
        "that is a service, and a job can only extend jobs of the same file: share the keys with an anchor, <<: *name"
    ),
}
"""Hints for an entry that extends one of the other section."""


def resets_by_service(resets: Iterable[Path]) -> Mapping[str, list[Path]]:
    """The paths below each service, relative to it."""
    found: dict[str, list[Path]] = {}
    for path in resets:
        if path[:1] == ("services",) and len(path) > 2:
            found.setdefault(str(path[1]), []).append(path[2:])
    return found
