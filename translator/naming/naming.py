"""Every name that more than one object needs, decided once for the whole stack, before any object is made.

A service whose name is legal keeps it; the others get the nearest legal name, and `renaming/` tells their peers.
"""

import posixpath
from collections.abc import Iterable, Mapping
from dataclasses import field, replace

from stackferry.grammar.compose.model.attachments import HEALTHY
from stackferry.grammar.compose.model.job import Job
from stackferry.grammar.compose.model.model import Project
from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.translator.host_mounts import host_mounts
from stackferry.translator.manifest.names import (
    CRON_JOB_LIMIT,
    LIMIT,
    Allocator,
    dns_label,
    existing_name,
    service_label,
)
from stackferry.translator.naming.further_names import FurtherNames, plan_further_names
from stackferry.translator.notes import Notes
from stackferry.translator.sharing import plan_groups


@dataclass(frozen=True, slots=True)
class Naming:
    """Kubernetes names by compose name. `services` are the names of workload, labels and Service alike; jobs, too.

    `cron_jobs` are the CronJobs of a job, one per schedule, at least one. `containers` are the names of containers,
    `pre_start` those of the containers before them, `once` those of the Jobs that run once for all pods. `published`
    are the Services that can be reached from outside. `claims` are the claims of top-level volumes, `hosts` the names
    for host paths, `host_claims` the claims that stand for them, `large_files` the claims for configs and secrets, by
    (section, key), in case a file is too large for an object. `ready` are the Services that resolve to ready pods only,
    for services that others wait for to be healthy; `waits` are the init containers that wait for a service; `waiter`
    is the account with which they ask the cluster about Jobs. `further` are all other names that resolve.
    """

    services: Mapping[str, str]
    cron_jobs: Mapping[str, tuple[str, ...]]
    containers: Mapping[str, str]
    pre_start: Mapping[str, tuple[str, ...]]
    once: Mapping[str, str]
    published: Mapping[str, str]
    claims: Mapping[str, str]
    hosts: Mapping[str, str]
    host_claims: Mapping[str, str]
    large_files: Mapping[tuple[str, str], str]
    ready: Mapping[str, str]
    waits: Mapping[str, str]
    waiter: str
    further: FurtherNames
    tasks: Mapping[str, str] = field(default_factory=dict)
    """The Services that resolve to each pod of a service, for services whose tasks have names of their own."""

    slots: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """For services whose host name contains the slot: the Service of each of these names, from the first slot on."""

    @property
    def renames(self) -> dict[str, str]:
        """Host names that differ in the cluster: of services, their aliases and their tasks."""
        hosts = {name: label for name, label in self.services.items() if name not in (label, *self.cron_jobs)}
        slots = {host: label for of_host in self.slots.values() for host, label in of_host.items() if host != label}
        return {**slots, **self.further.renamed, **hosts}


def plan_names(project: Project, notes: Notes, slots: Mapping[str, Iterable[str]] | None = None) -> Naming:
    """Decide all names of `project`, whose jobs are among its services.

    `slots` are the host names of tasks, by service.
    """
    allocator = Allocator()
    jobs = {name: job for name, job in project.jobs.items() if name in project.services}
    reached = replace(project, services={name: one for name, one in project.services.items() if name not in jobs})
    services = _service_names(reached, allocator, notes)
    published = {name: allocator.take(_suffixed(label, "published"), name) for name, label in services.items()}
    further = plan_further_names(reached, services, allocator, notes)
    labels = Allocator(set(services.values()))
    once = {
        name: labels.take(dns_label(f"{services[name]}-pre-start", LIMIT - 11), name)
        for name, service in reached.services.items()
        if service.pre_start
    }
    cron_jobs = _cron_jobs(jobs, labels, notes)
    services = {**services, **{name: names[0] for name, names in cron_jobs.items()}}
    claims = Allocator()
    volumes = _claims(project, claims)
    hosts = _hosts(project)
    healthy = _awaited(project, HEALTHY)
    containers = Allocator()
    names = _container_names(project, services, containers)
    return Naming(
        services,
        cron_jobs,
        names,
        _pre_start_names(project, names),
        once,
        published,
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
        further,
        {name: allocator.take(_suffixed(label, "tasks"), name) for name, label in services.items() if name not in jobs},
        {
            name: {host: allocator.take(service_label(host), host) for host in hosts}
            for name, hosts in (slots or {}).items()
        },
    )


def _cron_jobs(jobs: Mapping[str, Job], labels: Allocator, notes: Notes) -> dict[str, tuple[str, ...]]:
    """The CronJobs of each job. The first name also labels the job's pods, so no service may have it."""
    allocator = Allocator(labels.taken, CRON_JOB_LIMIT)
    # Jobs with a legal name come first, so that they keep it.
    wanted = sorted(jobs, key=lambda name: dns_label(name, CRON_JOB_LIMIT) != name)
    first = {name: allocator.take(dns_label(name, CRON_JOB_LIMIT), name) for name in wanted}
    for name in jobs:
        if first[name] != name:
            message = (
                f"not a valid CronJob name (a DNS label of at most {CRON_JOB_LIMIT} characters);"
                f" renamed to {first[name]}"
            )
            notes.approximated(("services", name), "kubernetes-renamed", message)
    return {
        name: (
            first[name],
            *(
                allocator.take(dns_label(f"{first[name][: CRON_JOB_LIMIT - 3]}-{number}", CRON_JOB_LIMIT), name)
                for number in range(2, len(job.triggers.schedule) + 1)
            ),
        )
        for name, job in jobs.items()
    }


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
        notes.approximated(
            ("services", name),
            "kubernetes-renamed",
            f"not a valid Kubernetes name; renamed to {names[name]}, also where other services refer to it as a host",
        )
    return {name: names[name] for name in project.services}


def _container_names(project: Project, services: Mapping[str, str], allocator: Allocator) -> dict[str, str]:
    """The name of each service's container, all different: any of them may share a pod."""
    return {
        name: allocator.take(dns_label(service.container_name or services[name]), name)
        for name, service in project.services.items()
    }


def _pre_start_names(project: Project, containers: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """The names of the `pre_start` containers, unique within a pod and different from its other containers' names."""
    found: dict[str, tuple[str, ...]] = {}
    for group in {id(group): group for group in plan_groups(project).values()}.values():
        allocator = Allocator({containers[service.name] for service in group.services})
        number = 0
        for service in group.services:
            names = []
            for _ in service.pre_start:
                number += 1
                names.append(allocator.take(f"pre-start-{number}", f"{service.name}.{number}"))
            found[service.name] = tuple(names)
    return found


def _claims(project: Project, allocator: Allocator) -> dict[str, str]:
    """Claims of top-level volumes: an explicit `name`, else the key; external claims keep their names."""
    names = {key: existing_name(volume.name or key) for key, volume in project.volumes.items() if volume.external}
    allocator.taken.update(names.values())
    wanted = {
        key: volume.name if volume.name and volume.name != f"{project.name}_{key}" else key
        for key, volume in project.volumes.items()
        if key not in names
    }
    # Legal names come first and stay: renaming a claim because of a new volume would create a new, empty one.
    for key, custom in sorted(wanted.items(), key=lambda item: dns_label(item[1]) != item[1]):
        names[key] = allocator.take(dns_label(custom), custom)
    return names


def _hosts(project: Project) -> dict[str, str]:
    """A name for every bind-mounted path, the same on every machine: derived from the path relative to the project."""
    allocator = Allocator()
    names: dict[str, str] = {}
    for _, mount in host_mounts(project):
        if mount.source and mount.source not in names:
            seen = _as_seen(mount.source, project.directory)
            names[mount.source] = allocator.take(dns_label(seen, LIMIT - 11), seen)
    return names


def _as_seen(path: str, directory: str) -> str:
    """Relative to the project if they share a folder; any other path was written as an absolute one."""
    if not path.startswith("/") or posixpath.commonpath((path, directory)) == "/":
        return path.strip("/") or "root"
    return posixpath.relpath(path, directory).replace("../", "").strip("./") or "project"
