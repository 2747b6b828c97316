"""What keeps a task off a node: the scheduler's filters, in their order, with swarm's explanations.

Each filter is a row: when it applies, whether a node passes, and how the failed nodes are reported
(swarmkit scheduler/filter.go). `Load` is what a node carries while the scheduler places tasks.
"""

from collections.abc import Callable
from dataclasses import field

from stackferry.emulator.cluster.constraint import matches
from stackferry.emulator.cluster.objects import Node, Task
from stackferry.emulator.cluster.spec import PublishedPort
from stackferry.grammar.lazy_dataclass import dataclass

FAILURES_TO_AVOID, FAILURE_WINDOW = 5, 300.0
"""A node with this many failures of a service's version within this many seconds is chosen last."""


@dataclass(slots=True)
class Load:
    """A node with its reservations. It is changed in place while the scheduler works and never seen outside."""

    node: Node
    nano_cpus: int = 0
    memory: int = 0
    generic: dict[str, int] = field(default_factory=dict)
    tasks: int = 0
    by_service: dict[str, int] = field(default_factory=dict)
    host_ports: set[tuple[int, str]] = field(default_factory=set)
    failures: dict[tuple[str, int], int] = field(default_factory=dict)

    def add(self, task: Task) -> None:
        """Reserve what a task needs."""
        needs = task.template.reservations
        self.nano_cpus += needs.nano_cpus
        self.memory += needs.memory
        for kind, count in needs.generic:
            self.generic[kind] = self.generic.get(kind, 0) + count
        self.tasks += 1
        self.by_service[task.service_id] = self.by_service.get(task.service_id, 0) + 1
        self.host_ports |= {(port.published, port.protocol) for port in host_ports(task)}


@dataclass(frozen=True, slots=True)
class Filter:
    """`explain` gets the number of nodes that failed."""

    applies: Callable[[Task], bool]
    passes: Callable[[Task, Load], bool]
    explain: Callable[[int], str]


def host_ports(task: Task) -> list[PublishedPort]:
    """The fixed ports that a task binds in host mode."""
    return [port for port in task.endpoint.ports if port.mode == "host" and port.published]


def _on(text: str) -> Callable[[int], str]:
    return lambda count: f"{text} on {count} node{'' if count == 1 else 's'}"


def _has_resources(task: Task, load: Load) -> bool:
    needs, node = task.template.reservations, load.node
    if needs.nano_cpus > node.nano_cpus - load.nano_cpus or needs.memory > node.memory - load.memory:
        return False
    offered = dict(node.generic)
    return all(count <= offered.get(kind, 0) - load.generic.get(kind, 0) for kind, count in needs.generic)


_ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}


def _has_platform(task: Task, load: Load) -> bool:
    node = load.node
    arch = _ARCHITECTURES.get(node.arch, node.arch)
    return any(
        (not wanted_os or wanted_os == node.os) and (not wanted or _ARCHITECTURES.get(wanted, wanted) == arch)
        for wanted_os, wanted in task.template.placement.platforms
    )


def _below_maximum(task: Task, load: Load) -> bool:
    return load.by_service.get(task.service_id, 0) < task.template.placement.max_replicas


FILTERS = (
    Filter(
        lambda _: True,
        lambda _, load: load.node.schedulable,
        lambda count: f"{count} node{'' if count == 1 else 's'} not available for new tasks",
    ),
    Filter(
        lambda task: bool(
            task.template.reservations.nano_cpus
            or task.template.reservations.memory
            or task.template.reservations.generic
        ),
        _has_resources,
        _on("insufficient resources"),
    ),
    Filter(
        lambda task: bool(task.template.placement.constraints),
        lambda task, load: matches(task.template.placement.constraints, load.node),
        _on("scheduling constraints not satisfied"),
    ),
    Filter(lambda task: bool(task.template.placement.platforms), _has_platform, _on("unsupported platform")),
    Filter(
        lambda task: bool(host_ports(task)),
        lambda task, load: load.host_ports.isdisjoint((port.published, port.protocol) for port in host_ports(task)),
        _on("host-mode port already in use"),
    ),
    Filter(
        lambda task: task.template.placement.max_replicas > 0,
        _below_maximum,
        # Swarm does not count the nodes here.
        lambda _: "max replicas per node limit exceed",
    ),
)


def rejection(task: Task, load: Load, applying: list[Filter]) -> Filter | None:
    """The first filter that the node fails."""
    return next((one for one in applying if not one.passes(task, load)), None)
