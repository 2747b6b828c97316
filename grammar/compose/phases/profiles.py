"""The profiles phase: which services and jobs of the typed tree are enabled.

After `typed.py`. A service or job is enabled if it has no profile, if one of its profiles is active (`*`
activates all), or if it is requested by name, which activates its profiles.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from stackferry.grammar.compose.tree.containers import WORKLOADS
from stackferry.grammar.compose.tree.node import Node
from stackferry.grammar.compose.validate.named import check_dependencies
from stackferry.grammar.diagnostics import Diagnostics


class Selection(NamedTuple):
    """The tree with only the enabled services and jobs, and the disabled ones by name."""

    root: Node
    disabled: dict[str, Node]
    disabled_jobs: dict[str, Node]


def select(root: Node, profiles: Iterable[str]) -> Selection:
    """The services and jobs that `profiles` enable."""
    active = set(profiles)
    root, services = _split(root, "services", active)
    root, jobs = _split(root, "jobs", active)
    if jobs and not root.value["jobs"].value:
        root = root.without("jobs")
    return Selection(root, services, jobs)


def _split(root: Node, section: str, active: set[str]) -> tuple[Node, dict[str, Node]]:
    listed = root.get(section)
    if listed is None:
        return root, {}
    disabled = {name: child for name, child in listed.value.items() if not _enabled(child, active)}
    if not disabled:
        return root, {}
    enabled = {name: child for name, child in listed.value.items() if name not in disabled}
    return root._replace(value={**root.value, section: listed._replace(value=enabled)}), disabled


def enable(selection: Selection, profiles: Iterable[str]) -> Selection:
    """The selection in which `profiles` enable more services and jobs, placed after the others."""
    active = set(profiles)
    root, services = _joined(selection.root, "services", selection.disabled, active)
    root, jobs = _joined(root, "jobs", selection.disabled_jobs, active)
    return Selection(root, services, jobs)


def _joined(root: Node, section: str, disabled: dict[str, Node], active: set[str]) -> tuple[Node, dict[str, Node]]:
    added = {name: child for name, child in disabled.items() if _enabled(child, active)}
    if not added:
        return root, disabled
    left = {name: child for name, child in disabled.items() if name not in added}
    listed = root.get(section) or Node({})
    enabled = listed._replace(value={**listed.value, **added})
    return root._replace(value={**root.value, section: enabled}), left


def _enabled(service: Node, active: set[str]) -> bool:
    listed = service.get("profiles")
    if listed is None or not listed.value or "*" in active:
        return True
    return any(item.value in active for item in listed.value)


def warn_of_unknown(profiles: Iterable[str], selection: Selection, report: Diagnostics) -> None:
    """Warn of profiles that no service has: activating them has no effect."""
    sections = [selection.root.get(section) for section in WORKLOADS]
    mappings = [selection.disabled, selection.disabled_jobs, *(one.value for one in sections if one is not None)]
    known = {item.value for one in mappings for child in one.values() for item in _items(child, "profiles")}
    for name in profiles:
        if name not in known and name != "*":
            hint = report.did_you_mean(name, known) or (f"there are {', '.join(sorted(known))}" if known else "")
            report.warning("unknown-profile", f"no service has the profile {name!r}", None, hint)


def profiles_of(services: Iterable[str], selection: Selection) -> set[str]:
    """The profiles of disabled services that are requested by name."""
    found: set[str] = set()
    for name in services:
        listed = (selection.disabled.get(name) or Node({})).get("profiles")
        if listed is not None:
            found.update(item.value for item in listed.value)
    return found


def restrict(root: Node, wanted: tuple[str, ...], report: Diagnostics, disabled: Mapping[str, Node]) -> Node:
    """The tree with `wanted` services and their dependencies; unknown names are reported."""
    services = root.get("services")
    if services is None or not wanted:
        return root
    kept: set[str] = set()
    waiting = list(wanted)
    for name in wanted:
        if name not in services.value:
            report.error(
                "unknown-service",
                f"no such service: {name}",
                None,
                _instead(name, root) or report.did_you_mean(name, (*services.value, *disabled)),
            )
    while waiting:
        name = waiting.pop()
        if name in kept or name not in services.value:
            continue
        kept.add(name)
        waiting.extend((services.value[name].get("depends_on") or Node({})).value)
    if not report.failed:
        # Services that are enabled only by being named have not been checked yet.
        check_dependencies(root, kept, disabled, report)
    enabled = {name: _depending_on(child, kept) for name, child in services.value.items() if name in kept}
    return root._replace(value={**root.value, "services": services._replace(value=enabled)})


def build_sources(root: Node, restricted: Node) -> dict[str, Node]:
    """Services that `restrict` left out although builds of the remaining services copy from their images."""
    every, kept = ((one.get("services") or Node({})).value for one in (root, restricted))
    if len(kept) == len(every):
        return {}
    found: dict[str, Node] = {}
    waiting = list(kept.values())
    while waiting:
        build = waiting.pop().get("build") or Node({})
        for child in (build.get("additional_contexts") or Node({})).value.values():
            kind, _, name = str(child.value).partition(":")
            if kind == "service" and name in every and name not in kept and name not in found:
                found[name] = every[name]
                waiting.append(every[name])
    return found


def _instead(name: str, root: Node) -> str:
    """A hint for the name of a job."""
    return f"{name} is a job: start it with stackferry run {name}" if root.at(("jobs", name)) is not None else ""


def _depending_on(service: Node, kept: set[str]) -> Node:
    """A service without its optional dependencies on services that were left out."""
    depends = service.get("depends_on")
    if depends is None or depends.value.keys() <= kept:
        return service
    left = depends._replace(value={name: child for name, child in depends.value.items() if name in kept})
    return service._replace(value={**service.value, "depends_on": left})


_USERS = ("networks", "volumes", "secrets", "configs", "models")


def without_unused(
    root: Node, sections: Iterable[str] = ("services",), builds: Iterable[Node] = (), *, pre_start: bool = False
) -> Node:
    """The tree without the resources that no enabled service, or nothing in other `sections`, uses.

    `builds`: services of which only the builds count.

    `pre_start`: also keep resources that only `pre_start` containers use. Docker Compose does not print resources that
    only they or jobs use.
    """
    used: dict[str, set[str]] = {kind: set() for kind in _USERS}
    listed = (root.get(section) or Node({}) for section in sections)
    found = [child for section in listed for child in section.value.values()]
    if pre_start:
        found += [before for service in found for before in _items(service, "pre_start")]
    for service in found:
        for kind, names in (("networks", service.get("networks")), ("models", service.get("models"))):
            used[kind].update(names.value if names is not None else ())
        for mount in _items(service, "volumes"):
            sort, source = mount.get("type"), mount.get("source")
            if sort is not None and sort.value == "volume" and source is not None:
                used["volumes"].add(source.value)
        used["secrets"] |= _sources(service, "secrets")
        used["configs"] |= _sources(service, "configs")
    for service in (*found, *builds):
        used["secrets"] |= _sources(service.get("build") or Node({}), "secrets")
    entries = dict(root.value)
    for kind in _USERS:
        if kind in entries:
            kept = {name: child for name, child in entries[kind].value.items() if name in used[kind]}
            if kept:
                entries[kind] = entries[kind]._replace(value=kept)
            else:
                del entries[kind]
    return root._replace(value=entries)


def _sources(node: Node, key: str) -> set[str]:
    named = (file.get("source") for file in _items(node, key))
    return {source.value for source in named if source is not None}


def _items(node: Node, key: str) -> list[Node]:
    child = node.get(key)
    return child.value if child is not None else []
