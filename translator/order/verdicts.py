"""Decides on one entry of `depends_on`: whether an init container waits for it, and how close that is to compose.

A table, first match wins; its messages are what the user reads at the `condition`.
"""

from collections.abc import Callable

from stackferry.grammar.compose.model.attachments import COMPLETED, HEALTHY, Dependency
from stackferry.grammar.compose.model.model import Service
from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.translator.health.health_checks import is_checked
from stackferry.translator.notes import Kind, Note, Path
from stackferry.translator.stack import Stack

LONGEST = 300
"""Seconds after which a wait that may never succeed is given up, and the pod goes on."""


@dataclass(frozen=True, slots=True)
class Edge:
    """One entry of `depends_on`. `pod` is the path of the waiting pod's owner, `path` that of the dependent service."""

    pod: Path
    path: Path
    name: str
    dependency: Dependency

    @property
    def condition(self) -> str:
        """Compose's condition; any other than the two known ones means `service_started`."""
        return self.dependency.condition


@dataclass(frozen=True, slots=True)
class Verdict:
    """`leads`: the pod starts after the other one. `waits`: an init container of its own waits for the service.

    `certain`: when the pod starts, the service has shown that it works.
    """

    kind: Kind
    message: str
    hint: str = ""
    leads: bool = True
    waits: bool = True
    certain: bool = False

    def note(self, edge: Edge, stack: Stack) -> Note:
        """The verdict in words, at the entry's `condition`."""
        owner = stack.groups[edge.name].owner.name if edge.name in stack.groups else edge.name
        words = {"name": edge.name, "owner": owner, "minutes": LONGEST // 60}
        where = (*edge.path, "depends_on", edge.name, "condition")
        return Note(where, self.kind, "kubernetes-start-order", self.message.format(**words), self.hint.format(**words))


def verdict(edge: Edge, stack: Stack) -> Verdict:
    """The verdict on the entry, before cycles and options are considered."""
    service = stack.project.services.get(edge.name)
    if service is None:
        return _ABSENT
    return next(found for holds, found in _TABLE if holds(edge, service, stack))


_ABSENT = Verdict(
    Kind.EXACT, "{name} is not in the stack and not required: nothing waits for it", "", False, False, certain=True
)
RING = Verdict(
    Kind.APPROXIMATED,
    "the pods would wait for each other because of other services in them: this service does not wait for {name}",
    "move the services that share a pod into separate pods, or remove the dependency",
    leads=False,
    waits=False,
)
UNASKED = Verdict(
    Kind.APPROXIMATED,
    "does not wait for {name}: both start at the same time, so connections must be retried",
    "convert without --no-wait",
    leads=False,
    waits=False,
)


def _has_no_name(edge: Edge, service: Service, stack: Stack) -> bool:
    return edge.condition not in (HEALTHY, COMPLETED) and stack.owner(service).network_mode == "none"


def _has_many_pods(service: Service) -> bool:
    return service.replicas > 1 or (service.deploy is not None and service.deploy.mode == "global")


def _has_no_pods(service: Service) -> bool:
    return service.replicas <= 0 and not (service.deploy is not None and service.deploy.mode == "global")


_Row = tuple[Callable[[Edge, Service, Stack], bool], Verdict]
_TABLE: tuple[_Row, ...] = (
    (
        lambda _, service, __: service.provider is not None,
        Verdict(Kind.EXACT, "{name} is run by a provider: nothing waits for it, as in compose", "", False, False),
    ),
    (
        lambda _, service, __: _has_no_pods(service),
        Verdict(Kind.EXACT, "{name} has no replicas: nothing waits for it, as in compose", "", False, False, True),
    ),
    (
        lambda edge, service, stack: stack.owner(service).name == edge.pod[1] and edge.pod[0] == "services",
        Verdict(
            Kind.APPROXIMATED, "{name} runs in the same pod, whose containers start at the same time", "", False, False
        ),
    ),
    (
        lambda edge, service, stack: edge.condition == COMPLETED and service.name not in stack.jobs,
        Verdict(
            Kind.NEEDS_ACTION,
            "{name} is in a workload that never completes (that of {owner}): nothing waits for its completion",
            "give {name} its own pod: remove network_mode, ipc, pid and mode global",
            waits=False,
        ),
    ),
    (
        lambda edge, service, stack: edge.condition != COMPLETED and service.name in stack.jobs,
        Verdict(
            Kind.APPROXIMATED,
            (
                "{name} is a Job, whose name only resolves while it runs: waits for the dependencies"
                " of {name}, not for {name} itself"
            ),
            "wait for its completion: condition: service_completed_successfully",
            waits=False,
        ),
    ),
    (
        _has_no_name,
        Verdict(
            Kind.APPROXIMATED, "{name} has no network and therefore no name: nothing waits for its start", waits=False
        ),
    ),
    (
        lambda edge, _, __: edge.condition not in (HEALTHY, COMPLETED),
        Verdict(
            Kind.APPROXIMATED,
            (
                "waits until the name {name} resolves and the dependencies of {name} are ready; it"
                " may still be starting then"
            ),
            "give {name} a healthcheck, and wait with condition: service_healthy",
        ),
    ),
    (
        lambda edge, _, __: edge.condition == COMPLETED,
        Verdict(
            Kind.EXACT,
            "waits until the Job of {name} is complete; to check this, the stack gets a ServiceAccount and a Role",
            "if you are not allowed to create Roles, convert with --no-wait",
            certain=True,
        ),
    ),
    (
        lambda _, service, stack: not is_checked(service, stack.host),
        Verdict(
            Kind.APPROXIMATED,
            "the compose file has no healthcheck for {name}: waits until it is running and one of"
            " its known ports accepts connections, the latter for at most {minutes} minutes",
            "repeat the image's HEALTHCHECK as the healthcheck of {name}",
        ),
    ),
    (
        lambda edge, _, __: not edge.dependency.required,
        Verdict(Kind.APPROXIMATED, "waits until {name} is ready, for at most {minutes} minutes, as it is not required"),
    ),
    (
        lambda _, service, __: _has_many_pods(service),
        Verdict(Kind.APPROXIMATED, "waits until the first pod of {name} is ready, not all of them", certain=True),
    ),
    (lambda _, __, ___: True, Verdict(Kind.EXACT, "waits until {name} is ready", certain=True)),
)
