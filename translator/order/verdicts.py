"""What becomes of one entry of `depends_on`: whether an init container waits for it, and how true to compose that is.

A table, first match wins; its words are what the user reads at the `condition`.
"""

from collections.abc import Callable

from stackferry.grammar.compose.model.attachments import COMPLETED, HEALTHY, Dependency
from stackferry.grammar.compose.model.model import Service
from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.translator.health.health_checks import is_checked
from stackferry.translator.notes import Kind, Note, Path
from stackferry.translator.stack import Stack

LONGEST = 300
"""Seconds after which a wait that may never be fulfilled goes on."""


@dataclass(frozen=True, slots=True)
class Edge:
    """One entry of `depends_on`. `pod` is the path of what owns the pod that waits, `path` that of who says so."""

    pod: Path
    path: Path
    name: str
    dependency: Dependency

    @property
    def condition(self) -> str:
        """Compose's condition; what is neither of the other two is `service_started`."""
        return self.dependency.condition


@dataclass(frozen=True, slots=True)
class Verdict:
    """`leads`: the pod starts after the other one. `waits`: an init container of its own waits for that.

    `certain`: when the pod starts, the service has shown that it can be used.
    """

    kind: Kind
    message: str
    hint: str = ""
    leads: bool = True
    waits: bool = True
    certain: bool = False

    def note(self, edge: Edge, stack: Stack) -> Note:
        """The verdict in words, at the entry."""
        owner = stack.groups[edge.name].owner.name if edge.name in stack.groups else edge.name
        words = {"name": edge.name, "owner": owner, "minutes": LONGEST // 60}
        where = (*edge.path, "depends_on", edge.name, "condition")
        return Note(where, self.kind, "kubernetes-start-order", self.message.format(**words), self.hint.format(**words))


def verdict(edge: Edge, stack: Stack) -> Verdict:
    """What becomes of the entry, rings and options aside."""
    service = stack.project.services.get(edge.name)
    if service is None:
        return _ABSENT
    return next(found for holds, found in _TABLE if holds(edge, service, stack))


_ABSENT = Verdict(
    Kind.EXACT, "{name} is not in the stack, and not required: nothing waits for it", "", False, False, certain=True
)
RING = Verdict(
    Kind.APPROXIMATED,
    "the pods would wait for each other, through other services in them: this one does not wait for {name}",
    "take the services apart that share a pod, or the dependency out",
    leads=False,
    waits=False,
)
UNASKED = Verdict(
    Kind.APPROXIMATED,
    "does not wait for {name}: both start at once, and whoever comes too early has to try again",
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
        Verdict(Kind.EXACT, "{name} is a provider's: nothing waits for it, as in compose", "", False, False),
    ),
    (
        lambda _, service, __: _has_no_pods(service),
        Verdict(Kind.EXACT, "{name} has no replicas: nothing waits for it, as in compose", "", False, False, True),
    ),
    (
        lambda edge, service, stack: stack.owner(service).name == edge.pod[1] and edge.pod[0] == "services",
        Verdict(Kind.APPROXIMATED, "{name} runs in the same pod, whose containers start at once", "", False, False),
    ),
    (
        lambda edge, service, stack: edge.condition == COMPLETED and service.name not in stack.jobs,
        Verdict(
            Kind.NEEDS_ACTION,
            "{name} is in a workload that never ends (that of {owner}): nothing waits for it to complete",
            "let {name} have a pod of its own, without network_mode, ipc, pid and mode global",
            waits=False,
        ),
    ),
    (
        lambda edge, service, stack: edge.condition != COMPLETED and service.name in stack.jobs,
        Verdict(
            Kind.APPROXIMATED,
            "{name} is a Job, whose name answers only while it runs: waits for what {name} waits for, not for itself",
            "wait for its end: condition: service_completed_successfully",
            waits=False,
        ),
    ),
    (
        _has_no_name,
        Verdict(Kind.APPROXIMATED, "{name} has no network and so no name: nothing waits for its start", waits=False),
    ),
    (
        lambda edge, _, __: edge.condition not in (HEALTHY, COMPLETED),
        Verdict(
            Kind.APPROXIMATED,
            "waits until the name {name} is known and what {name} waits for is done; it may still be starting then",
            "give {name} a healthcheck, and wait for that: condition: service_healthy",
        ),
    ),
    (
        lambda edge, _, __: edge.condition == COMPLETED,
        Verdict(
            Kind.EXACT,
            "waits until the Job of {name} is complete; to ask for it, the stack has a ServiceAccount and a Role",
            "where you may not make Roles, convert with --no-wait",
            certain=True,
        ),
    ),
    (
        lambda _, service, stack: not is_checked(service, stack.host),
        Verdict(
            Kind.APPROXIMATED,
            "the file has no healthcheck of {name}: waits until it runs and one of its known ports answers, the latter "
            "at most {minutes} minutes",
            "repeat the image's HEALTHCHECK as healthcheck of {name}",
        ),
    ),
    (
        lambda edge, _, __: not edge.dependency.required,
        Verdict(Kind.APPROXIMATED, "waits until {name} is ready, at most {minutes} minutes, as it is not required"),
    ),
    (
        lambda _, service, __: _has_many_pods(service),
        Verdict(Kind.APPROXIMATED, "waits until the first pod of {name} is ready, not all", certain=True),
    ),
    (lambda _, __, ___: True, Verdict(Kind.EXACT, "waits until {name} is ready", certain=True)),
)
