"""Decides which services run in one pod: those that use another's network, IPC or process namespace.

In compose `network_mode: service:vpn` puts a container into the network of another one; containers of one pod share
their network in the same way. The service whose namespaces the others use owns the pod.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from stackferry.grammar.compose.model.container import Workload
from stackferry.grammar.compose.model.model import Project, Service
from stackferry.grammar.compose.model.terms import Namespace
from stackferry.grammar.lazy_dataclass import dataclass

_NAMESPACES = ("network_mode", "ipc", "pid")


class Joined(NamedTuple):
    """A namespace of another service: the key that asks for it, its value, the service."""

    key: str
    namespace: Namespace
    service: str


def joined(workload: Workload) -> Iterator[Joined]:
    """The namespaces of other services that a service or job asks for, in order of precedence."""
    for key in _NAMESPACES:
        namespace: Namespace | None = getattr(workload, key)
        if namespace is not None and namespace.service is not None:
            yield Joined(key, namespace, namespace.service)


def runs_here(service: Service) -> bool:
    """Whether the service has a container to run; a service with a provider has none."""
    return service.provider is None


@dataclass(frozen=True, slots=True)
class Group:
    """The services of one pod: its owner, and the others in the order of the file."""

    owner: Service
    members: tuple[Service, ...] = ()

    @property
    def services(self) -> tuple[Service, ...]:
        """All services, the owner first."""
        return (self.owner, *self.members)

    @property
    def shares_processes(self) -> bool:
        """Whether the containers of the pod see each other's processes, and its pause process is their PID 1."""
        if self.owner.pid == "host":
            return False
        return bool(self.owner.init) or any(service.pid and service.pid.service for service in self.members)

    @property
    def processes_are_shared(self) -> bool:
        """Whether a container's PID 1 is another's process: the pause process, or the node's."""
        return self.owner.pid == "host" or self.shares_processes


def plan_groups(project: Project) -> Mapping[str, Group]:
    """The group of every service that runs here, by the service's name."""
    owners = {name: _owner(service, project) for name, service in project.services.items() if runs_here(service)}
    members: dict[str, list[Service]] = {owner: [] for owner in owners.values()}
    for name, owner in owners.items():
        if owner != name:
            members[owner].append(project.services[name])
    groups = {owner: Group(project.services[owner], tuple(others)) for owner, others in members.items()}
    return {name: groups[owner] for name, owner in owners.items()}


def _owner(service: Service, project: Project) -> str:
    """The service that owns its pod: the end of the chain, which may have several links. A job owns its own."""
    if service.name in project.jobs:
        return service.name
    seen = [service.name]
    while (target := _target(project.services[seen[-1]], project)) is not None:
        if target in seen:
            # A cycle has no owner; each service is by itself.
            return service.name
        seen.append(target)
    return seen[-1]


def _target(service: Service, project: Project) -> str | None:
    names = (one.service for one in joined(service))
    return next((name for name in names if name in project.services and runs_here(project.services[name])), None)
