"""What a deployment would do, and why: `up --dry-run` and `stackferry plan`. Pure.

Compares the stored cluster with the one that the deployment makes, by the same questions that the updater
asks, so that a plan says what will happen and not what might.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from emulator.cluster import Cluster, Service, Task
from emulator.convergence import wanted_tasks
from emulator.dirty import changed_fields, is_dirty
from emulator.draft import slot_of


class Change(Enum):
    """What becomes of a service."""

    CREATE = "+"
    REPLACE = "~"
    SCALE = "±"
    KEEP = "="
    REMOVE = "-"


@dataclass(frozen=True, slots=True)
class Step:
    """One service's part of a plan. `fields` are those of its spec that made `slots` dirty."""

    change: Change
    service: str
    text: str
    slots: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()

    def __str__(self) -> str:
        why = f" because of {', '.join(self.fields)}" if self.fields else ""
        return f"{self.change.value} {self.service}: {self.text}{why}"


@dataclass(frozen=True, slots=True)
class Plan:
    """All steps, in the order of the services."""

    steps: tuple[Step, ...] = ()

    def __str__(self) -> str:
        return "".join(f"{step}\n" for step in self.steps)

    @property
    def changes(self) -> bool:
        """Whether anything would change."""
        return any(step.change is not Change.KEEP for step in self.steps)


def plan(before: Cluster, after: Cluster) -> Plan:
    """The plan that leads from one cluster to the other."""
    return Plan(tuple(step for service in after.services.values() for step in _steps(before, after, service)))


def _steps(before: Cluster, after: Cluster, service: Service) -> Iterator[Step]:
    name, old = service.spec.name, before.services.get(service.id)
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
    yield from _changes(after, old, service)


def _changes(after: Cluster, old: Service, service: Service) -> Iterator[Step]:
    name, found = service.spec.name, False
    if service.spec.mode.is_job and service.iteration != old.iteration:
        yield Step(Change.REPLACE, name, f"run the job again: {_tasks(service.spec.replicas)}")
        return
    dirty = [
        task
        for task in after.tasks_of(service.id)
        if task.wanted and is_dirty(service, task, after.nodes.get(task.node_id))
    ]
    if dirty:
        found = True
        update = service.spec.update
        at_once = "all at once" if update.parallelism == 0 else f"{update.parallelism} at a time"
        slots = tuple(sorted({_slot(service, task) for task in dirty}))
        fields = changed_fields(dirty[0], service.spec.task, service.spec.endpoint)
        yield Step(Change.REPLACE, name, f"replace {', '.join(slots)}, {update.order}, {at_once},", slots, fields)
    if old.spec.replicas != service.spec.replicas and not service.spec.mode.is_global:
        found = True
        yield Step(Change.SCALE, name, f"scale from {old.spec.replicas} to {service.spec.replicas}")
    if not found:
        changed = "only settings that no container knows of" if old.spec != service.spec else "unchanged"
        yield Step(Change.KEEP, name, changed)


def _slot(service: Service, task: Task) -> str:
    return f"{service.spec.name}.{slot_of(service, task)}"


def _image(service: Service) -> str:
    container = service.spec.task.container
    return container.image if container is not None else "?"


def _tasks(count: int) -> str:
    return f"{count} task{'' if count == 1 else 's'}"
