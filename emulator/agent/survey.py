"""Surveying the engine: what a manager does first, and after it lost the engine's events. Pure.

It compares the stored tasks with the containers that carry the stack's labels. What happened meanwhile becomes
observations; containers of unknown tasks are adopted by their labels if a service wants them (the store was lost),
and are leftovers otherwise.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple

from stackferry.emulator.cluster.labels import CREATED, NODE_ID, SERVICE, SLOT, SPEC, STEP_OF, TASK_ID
from stackferry.emulator.cluster.objects import Cluster, Service, Task
from stackferry.emulator.cluster.observation import (
    Died,
    Health,
    Legs,
    Observation,
    Prepared,
    Started,
    StepEnded,
    Vanished,
    step_removed,
)
from stackferry.emulator.cluster.serialize import fingerprint
from stackferry.emulator.cluster.spec import TaskTemplate
from stackferry.emulator.cluster.state import TaskState
from stackferry.emulator.engine.protocol import ContainerInfo


class Survey(NamedTuple):
    """The cluster with adopted tasks, the observations of all tasks, and the leftover containers."""

    cluster: Cluster
    seen: tuple[Observation, ...]
    leftovers: tuple[ContainerInfo, ...]


def survey(cluster: Cluster, containers: Iterable[ContainerInfo], begun: float, now: float) -> Survey:
    """What the containers tell of the tasks, seen at `begun` or a little later.

    A task whose state has changed since then is left alone: the survey of it may be out of date.
    """
    # Containers of no task are not ours to judge: `run` creates some, and they carry the stack's labels.
    containers = list(containers)
    by_task = {info.labels[TASK_ID]: info for info in containers if TASK_ID in info.labels}
    steps = [info for info in containers if STEP_OF in info.labels]
    seen: list[Observation] = [*_of_steps(cluster, steps, begun)]
    leftovers = [info for info in steps if info.labels[STEP_OF] not in cluster.tasks]
    for task in cluster.tasks.values():
        info = by_task.pop(task.id, None)
        if task.at >= begun:
            continue
        if info is not None and info.running and task.ended and not (task.failing and task.exit_code is None):
            # A call of a manager that died took effect late.
            leftovers.append(info)
        else:
            seen += what_happened(task, info)
    tasks = dict(cluster.tasks)
    for task_id, info in by_task.items():
        adopted = _adopt(cluster, task_id, info, now)
        if adopted is None:
            leftovers.append(info)
        else:
            tasks[task_id] = adopted
            seen += what_happened(adopted, info)
    return Survey(replace(cluster, tasks=tasks), tuple(seen), tuple(leftovers))


def _of_steps(cluster: Cluster, steps: Iterable[ContainerInfo], begun: float) -> Iterator[Observation]:
    """The observations of the init containers that tasks wait for."""
    by_id = {info.id: info for info in steps}
    for task in cluster.tasks.values():
        if not task.step_container or task.at >= begun:
            continue
        info = by_id.get(task.step_container)
        if info is None:
            yield step_removed(task.id, task.step)
        elif not info.running and info.started_at:
            yield StepEnded(task.id, task.step, info.exit_code, info.error)


def what_happened(task: Task, info: ContainerInfo | None) -> Iterator[Observation]:
    """Observations that bring a task up to date with its container."""
    if info is None:
        if task.container_id or task.state >= TaskState.READY:
            yield Vanished(task.id)
        return
    yield Prepared(task.id, info.id)
    if info.running:
        # Before its start is reported again: its former addresses are needed.
        if task.state <= TaskState.RUNNING and (task.cut or lost_legs(task, info)):
            yield legs(task, info)
        if task.state <= TaskState.RUNNING:
            yield Started(task.id, info.id, info.health, info.addresses, info.addresses6, info.chosen_ports)
        if info.health:
            yield Health(task.id, info.health)
    elif info.started_at and task.exit_code is None:
        yield Died(task.id, info.exit_code, info.error)


def lost_legs(task: Task, info: ContainerInfo) -> tuple[str, ...]:
    """The networks of a running task that its container is not connected to."""
    return tuple(name for name in task.template.networks if name not in info.endpoints)


def legs(task: Task, info: ContainerInfo) -> Legs:
    """The current network endpoints of a running task."""
    return Legs(task.id, info.addresses, info.addresses6, lost_legs(task, info), ports=info.chosen_ports)


def _adopt(cluster: Cluster, task_id: str, info: ContainerInfo, now: float) -> Task | None:
    name = info.labels.get(SERVICE, "")
    service = next((one for one in cluster.services.values() if one.spec.name == name and not one.removed), None)
    if service is None or not info.running or not task_id:
        return None
    current = info.labels.get(SPEC) == fingerprint(service.spec.task)
    node_id = _node(cluster, info)
    if not node_id:
        return None
    created = float(info.labels.get(CREATED) or info.started_at or now)
    return Task(
        id=task_id,
        service_id=service.id,
        slot=_slot(service, info),
        template=service.spec.task if current else TaskTemplate(),
        version=service.version if current else 0,
        node_id=node_id,
        desired=TaskState.RUNNING,
        state=TaskState.STARTING,
        # The date tells the order of creation, but says nothing of the stack's clock.
        created_at=min(created, now),
        at=now,
        created_date=created,
        message="adopted",
        container_id=info.id,
        iteration=service.iteration,
        endpoint=service.spec.endpoint,
    )


def _slot(service: Service, info: ContainerInfo) -> int:
    text = info.labels.get(SLOT, "")
    return int(text) if text.isdigit() and not service.spec.mode.is_global else 0


def _node(cluster: Cluster, info: ContainerInfo) -> str:
    """The node that the label names, else the only node."""
    named = info.labels.get(NODE_ID, "")
    return named if named in cluster.nodes else next(iter(cluster.nodes), "")
