"""What a deployment would do, and why: `up --dry-run` and `stackferry plan`. Pure.

Compares the stored cluster with the deployment's result by the same checks as the updater, so that a plan says
what will happen, not what might.
"""

from collections.abc import Iterable, Iterator, Mapping
from enum import Enum

from stackferry.emulator.cluster.objects import Cluster, Node, Service, Task
from stackferry.emulator.control.convergence import wanted_tasks
from stackferry.emulator.orchestrator.dirty import changed_fields, is_dirty
from stackferry.emulator.orchestrator.draft import slot_of
from stackferry.emulator.orchestrator.enforcer import misfits
from stackferry.grammar.lazy_dataclass import dataclass


class Change(Enum):
    """What happens to a service, node, network or volume."""

    CREATE = "create"
    REPLACE = "replace"
    RENEW = "renew"
    SCALE = "scale"
    KEEP = "keep"
    REMOVE = "remove"

    @property
    def sign(self) -> str:
        """The sign at the beginning of its line."""
        return _SIGNS[self]


_SIGNS: Mapping[Change, str] = {
    Change.CREATE: "+",
    Change.REPLACE: "~",
    Change.RENEW: "±",
    Change.SCALE: "±",
    Change.KEEP: "=",
    Change.REMOVE: "-",
}


@dataclass(frozen=True, slots=True)
class Step:
    """The part of a plan for one service, node, network or volume. `fields`: spec fields that made `slots` dirty."""

    change: Change
    name: str
    text: str
    slots: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()

    def __str__(self) -> str:
        why = f" because of {', '.join(self.fields)}" if self.fields else ""
        return f"{self.change.sign} {self.name}: {self.text}{why}"


@dataclass(frozen=True, slots=True)
class Plan:
    """All steps, in this order: nodes, networks, services, volumes."""

    steps: tuple[Step, ...] = ()

    def __str__(self) -> str:
        return "".join(f"{step}\n" for step in self.steps)

    @property
    def changes(self) -> bool:
        """Whether anything would change."""
        return any(step.change is not Change.KEEP for step in self.steps)


def plan(
    before: Cluster,
    after: Cluster,
    reasons: Mapping[str, str] | None = None,
    volumes: Mapping[str, str] | None = None,
    others: Iterable[Step] = (),
) -> Plan:
    """The plan that leads from one cluster to the other.

    `reasons`: by service name, why a service replaces tasks although no field of theirs changes. `volumes`: by name,
    what to say of existing volumes. `others`: the steps for networks and volumes that differ from the files.
    """
    nodes = (_of_node(before, after, node) for node in after.nodes.values())
    known, later = reasons or {}, _followers(after)
    steps = (step for service in after.services.values() for step in _steps(before, after, service, known, later))
    kept = (Step(Change.KEEP, f"volume {name}", text) for name, text in (volumes or {}).items())
    others = tuple(others)
    networks = (step for step in others if step.change is not Change.KEEP)
    volumes_too = (step for step in others if step.change is Change.KEEP)
    return Plan((*filter(None, nodes), *networks, *steps, *kept, *volumes_too))


def _of_node(before: Cluster, after: Cluster, node: Node) -> Step | None:
    name, old = f"node {node.hostname}", before.nodes.get(node.id)
    if old is None or (old.leaving and not node.leaving):
        # The only node of a new stack goes without saying.
        return Step(Change.CREATE, name, "joins") if before.nodes or len(after.nodes) > 1 else None
    if node.leaving:
        text = f"drain it, then remove it{_moving(before, after, node)}"
        return None if old.leaving else Step(Change.REMOVE, name, text)
    parts = ", ".join(_changed_parts(old, node))
    return Step(Change.REPLACE, name, f"change {parts}{_moving(before, after, node)}") if parts else None


def _changed_parts(old: Node, node: Node) -> Iterator[str]:
    for key in sorted({*old.labels, *node.labels}):
        if old.labels.get(key) != node.labels.get(key):
            yield f"labels.{key}"
    yield from (
        f"{word} to {getattr(node, word)}"
        for word in ("role", "availability")
        if getattr(old, word) != getattr(node, word)
    )
    yield from (
        word
        for word, field in (("cpus", "nano_cpus"), ("memory", "memory"))
        if getattr(old, field) != getattr(node, field)
    )


def _moving(before: Cluster, after: Cluster, node: Node) -> str:
    """Which tasks have to leave the node, for the text of a step; for a global service, its one task there."""
    slots = []
    rejected = {task.id for task in misfits(before.tasks.values(), after.nodes)}
    for task in before.tasks.values():
        service = after.services.get(task.service_id)
        if task.node_id != node.id or not task.runnable or service is None or service.removed:
            continue
        if node.availability == "drain" or task.id in rejected:
            slots.append(service.spec.name if service.spec.mode.is_global else _slot(service, task))
    return f"; off it: {', '.join(sorted(slots))}" if slots else ""


def _followers(after: Cluster) -> dict[str, list[str]]:
    """The services that are restarted because they follow others: by name, with those others."""
    there = after.by_name()
    replaced = {name for name, one in there.items() if one.alone != one.version and _dirty(after, one)}
    found: dict[str, list[str]] = {}
    while True:
        new = {
            name: followed
            for name, one in there.items()
            if name not in found and (followed := [other for other in one.spec.follows if other in replaced])
        }
        if not new:
            return found
        found |= new
        replaced |= set(new)


def _dirty(after: Cluster, service: Service) -> list[Task]:
    """The tasks that the service's update will replace."""
    return [
        task
        for task in after.tasks_of(service.id)
        if task.wanted and is_dirty(service, task, after.nodes.get(task.node_id))
    ]


def _steps(
    before: Cluster, after: Cluster, service: Service, reasons: Mapping[str, str], later: Mapping[str, list[str]]
) -> Iterator[Step]:
    name, old = service.spec.name, before.services.get(service.id)
    if service.spec.schedules:
        yield _scheduled(old, service)
        return
    if old is None:
        count = wanted_tasks(after, service)
        yield Step(Change.CREATE, name, f"create {_tasks(count)} of {_image(service)}")
        return
    if service.removed:
        if not old.removed:
            yield Step(
                Change.REMOVE, name, f"remove {_tasks(sum(not one.ended for one in after.tasks_of(service.id)))}"
            )
        return
    yield from _changes(before, after, service, reasons.get(name), later.get(name, []))


def _scheduled(old: Service | None, service: Service) -> Step:
    """The step of a job with schedules, which only its schedules start."""
    name, when = service.spec.name, ", ".join(one.cron for one in service.spec.schedules)
    if old is None:
        return Step(Change.CREATE, name, f"create a job of {_image(service)}, run at {when}")
    if service.removed:
        return Step(Change.REMOVE, name, "remove the job")
    if old.spec == service.spec:
        return Step(Change.KEEP, name, f"unchanged, run at {when}")
    return Step(Change.REPLACE, name, f"change its next runs, at {when}")


def _changes(
    before: Cluster, after: Cluster, service: Service, reason: str | None, followed: list[str]
) -> Iterator[Step]:
    old = before.services[service.id]
    name, found = service.spec.name, False
    if service.spec.mode.is_job and service.iteration != old.iteration:
        yield Step(Change.REPLACE, name, f"run the job again: {_tasks(service.spec.replicas)}")
        return
    dirty = _dirty(after, service)
    if dirty or followed:
        found = True
        tasks = dirty or [task for task in after.tasks_of(service.id) if task.runnable]
        update = service.spec.update
        at_once = "all at once" if update.parallelism == 0 else f"{update.parallelism} at a time"
        slots = tuple(sorted({_slot(service, task) for task in tasks}))
        changed = changed_fields(dirty[0], service.spec.task, service.spec.endpoint) if dirty else ()
        fields = tuple((reason or field) if field == "force" else field for field in changed)
        after_others = f" after {', '.join(followed)}," if followed else ""
        text = f"replace {', '.join(slots)}{after_others or ','} {update.order}, {at_once}"
        fields = fields or tuple(f"depends_on.{other}.restart" for other in followed)
        yield Step(Change.REPLACE, name, f"{text},", slots, fields)
    if old.spec.replicas != service.spec.replicas and not service.spec.mode.is_global:
        found = True
        yield Step(Change.SCALE, name, f"scale from {old.spec.replicas} to {service.spec.replicas}")
    count, was = wanted_tasks(after, service), wanted_tasks(before, old)
    if service.spec.mode.is_global and count != was:
        found = True
        yield Step(Change.SCALE, name, f"from {_tasks(was)} to {count}, one on each node")
    if not found:
        text = "only settings that do not affect containers" if old.spec != service.spec else "unchanged"
        yield Step(Change.KEEP, name, text)


def _slot(service: Service, task: Task) -> str:
    return f"{service.spec.name}.{slot_of(service, task)}"


def _image(service: Service) -> str:
    container = service.spec.task.container
    return container.image if container is not None else "?"


def _tasks(count: int) -> str:
    return f"{count} task{'' if count == 1 else 's'}"
