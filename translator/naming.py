"""Every name that more than one object needs, decided once for the whole stack, before anything is built.

A service whose name is legal keeps it; the others get the nearest legal one, and a note, because
their peers still call them by the old name.
"""

import posixpath
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from stackferry.grammar.compose.model.model import Project
from stackferry.translator.host_mounts import host_mounts
from stackferry.translator.manifest.names import LIMIT, Allocator, dns_label, existing_name, service_label
from stackferry.translator.notes import Notes, Path


@dataclass(frozen=True, slots=True)
class Naming:
    """Kubernetes names by compose name. `services` name the workload, its labels and its Service alike.

    `containers` are what their containers are called, `published` the Services reachable from outside, `aliases` the
    further DNS names of a service. `claims` are the claims of top-level volumes, `hosts` what host paths are called,
    `host_claims` the claims that stand in for them, `large_files` those that stand in for configs and secrets, by
    (section, key), should a file be too large for an object of its own. `ready` are the Services that lead to ready
    pods only, by the service that others wait for to be healthy, `waits` the init containers that wait for a service;
    `waiter` is as whom they ask the cluster about Jobs.
    """

    services: Mapping[str, str]
    containers: Mapping[str, str]
    published: Mapping[str, str]
    aliases: Mapping[str, tuple[str, ...]]
    claims: Mapping[str, str]
    hosts: Mapping[str, str]
    host_claims: Mapping[str, str]
    large_files: Mapping[tuple[str, str], str]
    ready: Mapping[str, str]
    waits: Mapping[str, str]
    waiter: str
    tasks: Mapping[str, str] = field(default_factory=dict)
    """Of services whose tasks have names of their own: the Services behind those names."""


def plan_names(project: Project, notes: Notes, slotted: Collection[str] = ()) -> Naming:
    """Decide all names of `project`. `slotted` are the services whose tasks are told apart."""
    allocator = Allocator()
    services = _service_names(project, allocator, notes)
    published = {name: allocator.take(_suffixed(label, "published"), name) for name, label in services.items()}
    aliases = _aliases(project, services, allocator, notes)
    claims = Allocator()
    volumes = _claims(project, claims)
    hosts = _hosts(project)
    healthy = _awaited(project, "service_healthy")
    containers = Allocator()
    return Naming(
        services,
        _container_names(project, services, containers),
        published,
        aliases,
        volumes,
        hosts,
        {path: claims.take(dns_label(f"host-{name}"), name) for path, name in hosts.items()},
        {
            (section, key): claims.take(dns_label(f"{section[:-1]}-{key}"), key)
            for section, entries in (("configs", project.configs), ("secrets", project.secrets))
            for key in entries
        },
        {name: allocator.take(_suffixed(services[name], "ready"), name) for name in healthy},
        {name: containers.take(dns_label(f"wait-{services[name]}"), name) for name in _awaited(project)},
        dns_label(f"{project.name}-waits"),
        {name: allocator.take(_suffixed(label, "tasks"), name) for name, label in services.items() if slotted},
    )


def _awaited(project: Project, condition: str | None = None) -> tuple[str, ...]:
    """The services that others depend on, under `condition` or any, each once and in the order of the file."""
    workloads = (*project.services.values(), *project.jobs.values())
    found = {
        name
        for workload in workloads
        for name, dependency in workload.depends_on.items()
        if condition in (None, dependency.condition)
    }
    return tuple(name for name in project.services if name in found)


def _suffixed(label: str, suffix: str) -> str:
    """`web-ready`: the name of a Service beside that of the service itself."""
    return service_label(f"{label[: LIMIT - len(suffix) - 1].rstrip('-')}-{suffix}")


def _service_names(project: Project, allocator: Allocator, notes: Notes) -> dict[str, str]:
    legal = {name for name in project.services if service_label(name) == name}
    names = {name: allocator.take(name, name) for name in project.services if name in legal}
    for name in project.services:
        if name in legal:
            continue
        names[name] = allocator.take(service_label(name), name)
        notes.action(
            ("services", name),
            "kubernetes-renamed",
            f"not a legal Kubernetes name; called {names[name]}",
            f"replace {name} by {names[name]} in what its peers use to reach it (environment, command, files)",
        )
    return {name: names[name] for name in project.services}


def _container_names(project: Project, services: Mapping[str, str], allocator: Allocator) -> dict[str, str]:
    """What each service's container is called, no two alike: any of them may share a pod."""
    return {
        name: allocator.take(dns_label(service.container_name or services[name]), name)
        for name, service in project.services.items()
    }


def _claims(project: Project, allocator: Allocator) -> dict[str, str]:
    """Claims of top-level volumes: an explicit `name`, else the key; external ones keep theirs."""
    names = {key: existing_name(volume.name or key) for key, volume in project.volumes.items() if volume.external}
    allocator.taken.update(names.values())
    wanted = {
        key: volume.name if volume.name and volume.name != f"{project.name}_{key}" else key
        for key, volume in project.volumes.items()
        if key not in names
    }
    # Who has a legal name keeps it: a claim that is renamed because of a newcomer would be a new, empty one.
    for key, custom in sorted(wanted.items(), key=lambda item: dns_label(item[1]) != item[1]):
        names[key] = allocator.take(dns_label(custom), custom)
    return names


def _hosts(project: Project) -> dict[str, str]:
    """A name for every bind-mounted path, the same on every machine: from the path as the project sees it."""
    allocator = Allocator()
    names: dict[str, str] = {}
    for _, mount in host_mounts(project):
        if mount.source and mount.source not in names:
            seen = _as_seen(mount.source, project.directory)
            names[mount.source] = allocator.take(dns_label(seen, LIMIT - 11), seen)
    return names


def _as_seen(path: str, directory: str) -> str:
    """Relative to the project if they share a folder; what lies elsewhere was written as absolute."""
    if not path.startswith("/") or posixpath.commonpath((path, directory)) == "/":
        return path.strip("/") or "root"
    return posixpath.relpath(path, directory).replace("../", "").strip("./") or "project"


def _aliases(
    project: Project, services: Mapping[str, str], allocator: Allocator, notes: Notes
) -> dict[str, tuple[str, ...]]:
    """Extra names under which compose's DNS answers, one Service each; the first service to ask gets a name."""
    owners: dict[str, str] = {}
    for path, alias, owner in _wanted_aliases(project):
        if alias in (owner, services[owner]) or owners.get(alias) == owner:
            continue
        hint = f"let its peers use {services[owner]}"
        if service_label(alias) != alias:
            notes.action(path, "kubernetes-alias", f"{alias} is no legal name of a Service; peers cannot use it", hint)
        elif alias in allocator.taken:
            message = f"another Service is called {alias}; the name does not lead here"
            notes.action(path, "kubernetes-alias-clash", message, hint)
        else:
            owners[allocator.take(alias, alias)] = owner
    names: dict[str, list[str]] = {}
    for alias, owner in owners.items():
        names.setdefault(owner, []).append(alias)
    return {owner: tuple(found) for owner, found in names.items()}


def _wanted_aliases(project: Project) -> Iterator[tuple[Path, str, str]]:
    """Path of the key, the alias, the service it leads to."""
    for name, service in project.services.items():
        path: Path = ("services", name)
        if service.container_name:
            yield (*path, "container_name"), service.container_name, name
        for network, attachment in service.networks.items():
            for index, alias in enumerate(attachment.aliases if attachment else ()):
                yield (*path, "networks", network, "aliases", index), alias, name
        for index, link in enumerate(service.links):
            if link.target in project.services:
                yield (*path, "links", index), link.alias or link.target, link.target
        if service.hostname:
            yield (*path, "hostname"), service.hostname, name
