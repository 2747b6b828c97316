"""Decides what each pod waits for before its containers start: `depends_on` of all services in it.

A pod starts as a whole, so it waits for everything that any of its services waits for. Pods that would wait for each
other do not wait: services cannot depend on each other in a cycle, but pods that hold several services can. Pure;
`waits.py` makes the init containers.

A Service's name resolves before its containers start. So a service that depends only on the start of another one waits
for everything that the other waits for, even in its own pod, and starts after that.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from stackferry.grammar.compose.model.attachments import COMPLETED, HEALTHY
from stackferry.grammar.compose.model.model import Service
from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.translator.notes import Notes, Path
from stackferry.translator.order.graph import components
from stackferry.translator.order.verdicts import RING, UNASKED, Edge, Verdict, verdict
from stackferry.translator.sharing import Group
from stackferry.translator.stack import Stack

_STRENGTH = (HEALTHY, COMPLETED)


@dataclass(frozen=True, slots=True)
class Wait:
    """A pod waits for `service` until compose's condition holds. If not `required`, it goes on when that fails."""

    service: Service
    condition: str
    required: bool = True

    def joined(self, other: "Wait | None") -> "Wait":
        """A wait that satisfies both; they are for the same service."""
        if other is None:
            return self
        strongest = next((one for one in _STRENGTH if one in (self.condition, other.condition)), self.condition)
        return replace(self, condition=strongest, required=self.required or other.required)


@dataclass(frozen=True, slots=True)
class Order:
    """`pods` are all groups, each after those that it waits for; `waits` by the path of the pod's owner.

    `certain` are the owners of pods that start only when all dependencies of their services have shown that they work.
    """

    pods: tuple[Group, ...]
    waits: Mapping[Path, tuple[Wait, ...]]
    certain: frozenset[Path]

    def awaited(self, condition: str) -> tuple[Service, ...]:
        """The services for which some pod waits under that condition, each once."""
        found = (wait for waits in self.waits.values() for wait in waits if wait.condition == condition)
        return tuple({wait.service.name: wait.service for wait in found}.values())


def plan_order(stack: Stack, notes: Notes) -> Order:
    """Decide which pod waits for which service; each entry of `depends_on` gets a note, in the order of the file."""
    entries = {pod: tuple(found) for pod, found in _entries(stack)}
    judged = {pod: [(edge, verdict(edge, stack)) for edge in edges] for pod, edges in entries.items()}
    graph = {
        pod: tuple(dict.fromkeys(_target(edge, stack) for edge, found in pairs if found.leads))
        for pod, pairs in judged.items()
    }
    sets = components(graph)
    ring = {pod: number for number, pods in enumerate(sets) for pod in pods}
    waits: dict[Path, dict[str, Wait]] = {}
    certain: set[Path] = set()
    for pod in (pod for pods in sets for pod in pods):
        pairs = judged[pod] = [(edge, _final(edge, found, ring, stack)) for edge, found in judged[pod]]
        waits[pod] = _waits(pairs, waits, stack)
        if all(found.certain for _, found in pairs):
            certain.add(pod)
    notes.found += (found.note(edge, stack) for pairs in judged.values() for edge, found in pairs)
    return Order(
        tuple(stack.groups[str(pod[1])] for pods in sets for pod in pods if pod[0] == "services"),
        {pod: tuple(found.values()) for pod, found in waits.items() if found},
        frozenset(certain),
    )


def owner_path(service: Service, stack: Stack) -> Path:
    """The path of the owner of the pod in which the service runs."""
    return ("services", stack.owner(service).name)


def _entries(stack: Stack) -> Iterator[tuple[Path, Iterator[Edge]]]:
    for group in stack.pods():
        pod: Path = ("services", group.owner.name)
        yield (
            pod,
            (
                Edge(pod, ("services", service.name), name, dependency)
                for service in group.services
                for name, dependency in service.depends_on.items()
            ),
        )


def _target(edge: Edge, stack: Stack) -> Path:
    return owner_path(stack.project.services[edge.name], stack)


def _final(edge: Edge, found: Verdict, ring: Mapping[Path, int], stack: Stack) -> Verdict:
    """The verdict once the whole stack is known: no wait in a cycle, and none at all with `--no-wait`."""
    if not found.leads:
        return found
    if not stack.options.wait:
        return UNASKED
    return RING if ring[_target(edge, stack)] == ring[edge.pod] else found


def _waits(
    pairs: list[tuple[Edge, Verdict]], before: Mapping[Path, Mapping[str, Wait]], stack: Stack
) -> dict[str, Wait]:
    """The waits of one pod by awaited service; `before` are the waits of the pods that it depends on."""
    found: dict[str, Wait] = {}

    def add(wait: Wait) -> None:
        found[wait.service.name] = wait.joined(found.get(wait.service.name))

    for edge, judged in pairs:
        if not judged.leads:
            continue
        if not judged.waits or edge.condition not in _STRENGTH:
            for wait in before[_target(edge, stack)].values():
                if wait.condition in _STRENGTH:
                    add(wait)
            for wait in _within_pod(edge.name, stack):
                add(wait)
        if judged.waits:
            add(Wait(stack.project.services[edge.name], edge.condition, edge.dependency.required))
    return found


def _within_pod(name: str, stack: Stack) -> Iterator[Wait]:
    """Health conditions between services of one pod: the pod cannot wait for them, but dependents of it can."""
    services = stack.project.services
    owner, seen, waiting = stack.owner(services[name]), {name}, [name]
    while waiting:
        for other, dependency in services[waiting.pop()].depends_on.items():
            if other in seen or other not in services or stack.owner(services[other]) is not owner:
                continue
            if dependency.condition == HEALTHY:
                yield Wait(services[other], HEALTHY, dependency.required)
            seen.add(other)
            waiting.append(other)
