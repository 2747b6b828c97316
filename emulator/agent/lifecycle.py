"""The agent's side of a task: what the engine owes it, and what was seen of it (swarmkit agent/exec). Pure.

`operations` says what is to be done now, given what is under way already; `begin` marks a task as taken
in hand; `observe` takes in what was seen. States only go forward, so observations may repeat.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from typing import Any

from stackferry.emulator.cluster.container import ContainerSpec
from stackferry.emulator.cluster.objects import Cluster, Task
from stackferry.emulator.cluster.observation import Died, Health, Observation, Prepared, Refused, Started, Vanished
from stackferry.emulator.cluster.operation import Operation, Verb
from stackferry.emulator.cluster.state import TaskState

DRAIN = 2.0
"""Seconds between leaving the rotation and the stop signal (moby controller.Shutdown)."""

UNHEALTHY = "unhealthy container"


def operations(cluster: Cluster, busy: Collection[str]) -> Iterator[Operation]:
    """What is to be done for tasks that nothing is being done for (`busy`: ids of the others)."""
    ends = cluster.ends
    for task in cluster.tasks.values():
        if task.id in busy or task.state < TaskState.ASSIGNED:
            continue
        node = cluster.nodes.get(task.node_id)
        verb = _due(task, is_up=node is not None and node.ready)
        if verb is not None:
            yield _operation(cluster, task, verb, None if ends else _drain(task))


def _due(task: Task, *, is_up: bool) -> Verb | None:
    if task.state <= TaskState.RUNNING and (not task.wanted or not is_up):
        return Verb.SHUTDOWN
    if task.failing and task.exit_code is None and task.container_id:
        return Verb.SHUTDOWN
    if task.state < TaskState.READY:
        return Verb.PREPARE
    # STARTING without a start: whoever began it died before it was done.
    unstarted = task.state == TaskState.READY or (task.state == TaskState.STARTING and task.started_at is None)
    return Verb.START if unstarted and task.desired >= TaskState.RUNNING else None


def _drain(task: Task) -> float:
    return DRAIN if task.state == TaskState.RUNNING and task.endpoint.ports else 0.0


def _operation(cluster: Cluster, task: Task, verb: Verb, drain: float | None) -> Operation:
    container = task.template.container
    signal = container.stop_signal if isinstance(container, ContainerSpec) else ""
    cause = task.failing or f"desired {task.desired}"
    return Operation(
        verb,
        task.id,
        cluster.task_name(task),
        cause,
        container_id=task.container_id,
        drain=drain,
        grace=cluster.services[task.service_id].grace_of(task),
        signal=signal,
    )


def removal(cluster: Cluster, task: Task) -> Operation:
    """The operation that removes the container of a forgotten task."""
    return Operation(Verb.REMOVE, task.id, cluster.task_name(task), "the task is forgotten", task.container_id)


_BEGUN: Mapping[Verb, tuple[TaskState, str]] = {
    Verb.PREPARE: (TaskState.PREPARING, "preparing"),
    Verb.START: (TaskState.STARTING, "starting"),
}


def begin(task: Task, operation: Operation, now: float) -> Task:
    """The task with an operation begun."""
    if operation.verb not in _BEGUN:
        return task
    state, message = _BEGUN[operation.verb]
    return task.moved(state, now, message)


def observe(cluster: Cluster, observation: Observation, now: float) -> Cluster:
    """The cluster after something was seen. What is seen of a task that is forgotten changes nothing."""
    task = cluster.tasks.get(observation.task_id)
    if task is None:
        return cluster
    seen = _SEEN[type(observation)](task, observation, now)
    return cluster if seen == task else cluster.with_task(seen)


def _prepared(task: Task, seen: Prepared, now: float) -> Task:
    return replace(task, container_id=seen.container_id).moved(TaskState.READY, now, "prepared")


def _refused(task: Task, seen: Refused, now: float) -> Task:
    state = TaskState.FAILED if seen.started else TaskState.REJECTED
    message = "starting" if seen.started else "preparing"
    if not task.wanted:
        return task.moved(TaskState.SHUTDOWN, now, "shutdown")
    # Nothing runs, so there is nothing to end.
    return replace(task.moved(state, now, message, seen.error), exit_code=task.exit_code or 0)


def _started(task: Task, seen: Started, now: float) -> Task:
    task = replace(
        task,
        addresses=seen.addresses,
        addresses6=seen.addresses6,
        ports=seen.ports,
        container_id=seen.container_id or task.container_id,
        started_at=now if task.started_at is None else task.started_at,
    )
    if task.template.has_healthcheck or seen.health in ("starting", "unhealthy"):
        return task.moved(TaskState.STARTING, now, "starting")
    return task.moved(TaskState.RUNNING, now, "started")


def _health(task: Task, seen: Health, now: float) -> Task:
    if seen.status == "healthy" and not task.failing:
        return task.moved(TaskState.RUNNING, now, "started")
    if seen.status == "unhealthy" and task.state <= TaskState.RUNNING:
        return replace(task, failing=UNHEALTHY)
    return task


def _died(task: Task, seen: Died, now: float) -> Task:
    ended = replace(task, exit_code=seen.exit_code, addresses={}, addresses6={})
    if task.ended:
        # Seen once more: what was complete before somebody told it to end stays complete.
        return ended
    if not task.wanted:
        return ended.moved(TaskState.SHUTDOWN, now, "shutdown")
    if seen.exit_code == 0 and not seen.error:
        return ended.moved(TaskState.COMPLETE, now, "finished")
    error = f"task: non-zero exit ({seen.exit_code})"
    cause = f"dockerexec: {task.failing}" if task.failing else seen.error
    return ended.moved(TaskState.FAILED, now, "started", f"{error}: {cause}" if cause else error)


def _vanished(task: Task, seen: Vanished, now: float) -> Task:
    if task.ended:
        return replace(task, container_id="", addresses={}, addresses6={})
    if not task.wanted:
        return replace(task.moved(TaskState.SHUTDOWN, now, "shutdown"), container_id="", addresses={}, addresses6={})
    gone = task.moved(TaskState.FAILED, now, "started", "task: the container was removed")
    return replace(gone, container_id="", exit_code=-1, addresses={}, addresses6={})


_SEEN: Mapping[type, Callable[[Task, Any, float], Task]] = {
    Prepared: _prepared,
    Refused: _refused,
    Started: _started,
    Health: _health,
    Died: _died,
    Vanished: _vanished,
}
