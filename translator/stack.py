"""The input of every pass: the model, the host's files, the options and the decided names."""

from collections.abc import Iterator, Mapping
from dataclasses import field

from stackferry.grammar.compose.model.model import Project, Service
from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.translator.discovery.discovery import Discovery, discover
from stackferry.translator.host import Host
from stackferry.translator.job_evidence import plan_jobs
from stackferry.translator.manifest.labels import selector
from stackferry.translator.naming.naming import Naming
from stackferry.translator.options import Options
from stackferry.translator.sharing import Group, plan_groups
from stackferry.translator.templates.plan import Templates


@dataclass(frozen=True, slots=True)
class Stack:
    """The complete input of one translation. `groups` are the services of one pod, by the name of each of them.

    `jobs` are the services that run to completion, each with the evidence; `templates` are filled in by pods;
    `discovery` says which services call which, and on which port.
    """

    project: Project
    host: Host
    options: Options
    naming: Naming
    groups: Mapping[str, Group]
    jobs: Mapping[str, str]
    discovery: Discovery
    templates: Templates = field(default_factory=Templates)

    def name(self, service: Service) -> str:
        """The Kubernetes name of the service."""
        return self.naming.services[service.name]

    def owner(self, service: Service) -> Service:
        """The service that owns the pod in which this one runs; mostly itself."""
        return self.groups[service.name].owner if service.name in self.groups else service

    def pods(self) -> Iterator[Group]:
        """Every group, in the order of their owners in the file."""
        return (group for name, group in self.groups.items() if group.owner.name == name)

    def has_slots(self, service: Service) -> bool:
        """Whether the tasks of the service's pod have to know their slot."""
        slotted = self.templates.slotted
        return (
            bool(slotted)
            and service.name in self.groups
            and any(one.name in slotted for one in self.groups[service.name].services)
        )

    def selector(self, service: Service) -> dict[str, str]:
        """The labels that select the pods in which the service runs."""
        return selector(self.project.name, self.name(self.owner(service)))


def stack_of(
    project: Project, host: Host, options: Options, naming: Naming, templates: Templates | None = None
) -> Stack:
    """The stack of `project`."""
    groups = plan_groups(project)
    known = discover(project, naming.services, host)
    jobs = plan_jobs(project, groups, host)
    return Stack(project, host, options, naming, groups, jobs, known, templates or Templates())
