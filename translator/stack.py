"""What every pass may look at: the model, the host's files, the options and the names decided on."""

from dataclasses import dataclass

from stackferry.grammar.compose.model.model import Project, Service
from stackferry.translator.host import Host
from stackferry.translator.naming import Naming
from stackferry.translator.options import Options


@dataclass(frozen=True, slots=True)
class Stack:
    """One translation's input, complete. `awaited` are the services whose end another one waits for."""

    project: Project
    host: Host
    options: Options
    naming: Naming
    awaited: frozenset[str]

    def name(self, service: Service) -> str:
        """The Kubernetes name of the service."""
        return self.naming.services[service.name]


def stack_of(project: Project, host: Host, options: Options, naming: Naming) -> Stack:
    """The stack of `project`."""
    awaited = frozenset(
        name
        for service in project.services.values()
        for name, dependency in service.depends_on.items()
        if dependency.condition == "service_completed_successfully"
    )
    return Stack(project, host, options, naming, awaited)
