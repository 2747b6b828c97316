"""The agent's side of a task: what to do for it on the engine, and what was observed (swarmkit agent/exec). Pure.

`operations` says what to do now, given what is in progress; `begin` marks an operation on a task as begun; `observe`
applies observations. States only go forward, so observations may repeat.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from typing import Any

from stackferry.emulator.agent.pre_start import may_run, name, next_step, steps, succeeded
from stackferry.emulator.cluster.container import ContainerSpec
from stackferry.emulator.cluster.objects import Cluster, Task
from stackferry.emulator.cluster.observation import (
    Died,
    Health,
    Legs,
    Observation,
    Prepared,
    Refused,
    Started,
    StepEnded,
    StepStarted,
    Vanished,
)
from stackferry.emulator.cluster.operation import Operation, Verb
from stackferry.emulator.cluster.state import TaskState

DRAIN = 2.0
"""Seconds between leaving the rotation and the stop signal (moby controller.Shutdown)."""

UNHEALTHY = "unhealthy container"

UNCONNECTED = "cannot be reconnected to"
"""The start of the reason for ending a task that lost its network endpoint."""


def operations(cluster: Cluster, busy: Collection[str]) -> Iterator[Operation]:
    """The operations for tasks that none is in progress for (`busy`: ids of the others)."""
    ends = cluster.ends
    for task in cluster.tasks.values():
        if task.id in busy or task.state < TaskState.ASSIGNED:
            continue
        node = cluster.nodes.get(task.node_id)
        verb = _due(task, is_up=node is not None and node.ready)
        step = next_step(cluster, task) if verb is Verb.START else None
        if step is not None:
            if task.step_container or not may_run(cluster, task, step):
                continue
            verb = Verb.PRE_START
        if verb is not None:
            yield _operation(cluster, task, verb, None if ends else _drain(task), step)


def _due(task: Task, *, is_up: bool) -> Verb | None:
    if task.state <= TaskState.RUNNING and (not task.wanted or not is_up):
        return Verb.SHUTDOWN
    if task.failing and task.exit_code is None and task.container_id:
        return Verb.SHUTDOWN
    if task.state < TaskState.READY:
        return Verb.PREPARE
    if task.cut and task.started_at is not None and task.state <= TaskState.RUNNING:
        return Verb.CONNECT
    # STARTING without a start: the manager that began it died before it was done.
    unstarted = task.state == TaskState.READY or (task.state == TaskState.STARTING and task.started_at is None)
    return Verb.START if unstarted and task.desired >= TaskState.RUNNING else None


def _drain(task: Task) -> float:
    return DRAIN if task.state == TaskState.RUNNING and task.endpoint.ports else 0.0


def _operation(cluster: Cluster, task: Task, verb: Verb, drain: float | None, step: int | None) -> Operation:
    container = task.template.container
    signal = container.stop_signal if isinstance(container, ContainerSpec) else ""
    cause = task.failing or f"desired {task.desired}"
    if verb is Verb.CONNECT:
        cause = f"disconnected from {', '.join(task.cut)}"
    return Operation(
        verb,
        task.id,
        cluster.task_name(task),
        cause,
        container_id=task.container_id,
        drain=drain,
        grace=cluster.services[task.service_id].grace_of(task),
        signal=signal,
        step=-1 if step is None else step,
        ended_step=_ended_step(cluster, task, verb),
    )


def _ended_step(cluster: Cluster, task: Task, verb: Verb) -> str:
    """The init container to remove: one that has succeeded or is to stop. A failed one stays with its task."""
    if verb is Verb.SHUTDOWN:
        return task.step_container
    return name(cluster.task_name(task), task.step - 1) if task.step and verb in (Verb.PRE_START, Verb.START) else ""


def removal(cluster: Cluster, task: Task) -> Operation:
    """The operation that removes the container of a forgotten task."""
    called = cluster.task_name(task)
    last = name(called, task.step) if task.step < len(steps(task)) else ""
    return Operation(Verb.REMOVE, task.id, called, "the task is no longer needed", task.container_id, ended_step=last)


_BEGUN: Mapping[Verb, tuple[TaskState, str]] = {
    Verb.PREPARE: (TaskState.PREPARING, "preparing"),
    Verb.PRE_START: (TaskState.STARTING, "pre_start"),
    Verb.START: (TaskState.STARTING, "starting"),
}


def begin(task: Task, operation: Operation, now: float) -> Task:
    """The task once an operation on it has begun."""
    if operation.verb not in _BEGUN:
        return task
    state, message = _BEGUN[operation.verb]
    return task.moved(state, now, message)


def observe(cluster: Cluster, observation: Observation, now: float) -> Cluster:
    """The cluster after an observation. Observations of forgotten tasks change nothing."""
    task = cluster.tasks.get(observation.task_id)
    if task is None:
        return cluster
    if isinstance(observation, StepEnded) and observation.exit_code == 0:
        return succeeded(cluster, task, observation.step) if _is_current(task, observation) else cluster
    seen = _SEEN[type(observation)](task, observation, now)
    return cluster if seen == task else cluster.with_task(seen)


def _prepared(task: Task, seen: Prepared, now: float) -> Task:
    return replace(task, container_id=seen.container_id).moved(TaskState.READY, now, "prepared")


def _refused(task: Task, seen: Refused, now: float) -> Task:
    state = TaskState.FAILED if seen.started else TaskState.REJECTED
    message = "starting" if seen.started else "preparing"
    if not task.wanted:
        return task.moved(TaskState.SHUTDOWN, now, "shutdown")
    # Nothing runs, so nothing has to be stopped.
    return replace(task.moved(state, now, message, seen.error), exit_code=task.exit_code or 0)


def _step_started(task: Task, seen: StepStarted, now: float) -> Task:
    # The time matters: a survey that began before it may not have seen the container yet.
    return replace(task, step=seen.step, step_container=seen.container_id, at=now) if _is_current(task, seen) else task


def _step_failed(task: Task, seen: StepEnded, now: float) -> Task:
    if not _is_current(task, seen):
        return task
    task = replace(task, step_container="", exit_code=0)
    if not task.wanted:
        return task.moved(TaskState.SHUTDOWN, now, "shutdown")
    said = f": {seen.error}" if seen.error else ""
    return task.moved(TaskState.FAILED, now, "starting", f"pre_start[{seen.step}]: exit code {seen.exit_code}{said}")


def _is_current(task: Task, seen: StepStarted | StepEnded) -> bool:
    """Whether an init container is one that the task still waits for."""
    if isinstance(seen, StepEnded) and seen.container_id not in ("", task.step_container):
        return False
    return not task.ended and task.started_at is None and seen.step >= task.step


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


def _legs(task: Task, seen: Legs, now: float) -> Task:
    if task.ended:
        return task
    cut = {name: task.cut.get(name) or task.addresses.get(name, "") for name in seen.cut}
    failing = f"{UNCONNECTED} {', '.join(seen.cut)}: {seen.error}" if seen.error and not task.failing else task.failing
    return replace(
        task, addresses=seen.addresses, addresses6=seen.addresses6, ports=seen.ports, cut=cut, failing=failing
    )


def _died(task: Task, seen: Died, now: float) -> Task:
    unconnected = task.failing if task.failing.startswith(UNCONNECTED) else ""
    code = task.exit_code if seen.exit_code is None else seen.exit_code
    ended = replace(task, exit_code=code, addresses={}, addresses6={}, cut={})
    if task.ended:
        # A repeated observation: a task that completed before it was told to end stays complete.
        return ended
    if not task.wanted:
        return ended.moved(TaskState.SHUTDOWN, now, "shutdown")
    if unconnected:
        return ended.moved(TaskState.FAILED, now, "started", f"task: {unconnected}")
    if seen.exit_code == 0 and not seen.error:
        return ended.moved(TaskState.COMPLETE, now, "finished")
    error = f"task: non-zero exit ({seen.exit_code})"
    cause = f"dockerexec: {task.failing}" if task.failing else seen.error
    return ended.moved(TaskState.FAILED, now, "started", f"{error}: {cause}" if cause else error)


def _vanished(task: Task, seen: Vanished, now: float) -> Task:
    # We remove and recreate a container that was created before the gates had their addresses.
    if seen.container_id not in ("", task.container_id):
        return task
    if task.ended:
        return replace(task, container_id="", addresses={}, addresses6={}, cut={})
    if not task.wanted:
        ended = task.moved(TaskState.SHUTDOWN, now, "shutdown")
        return replace(ended, container_id="", addresses={}, addresses6={}, cut={})
    gone = task.moved(TaskState.FAILED, now, "started", "task: the container was removed")
    return replace(gone, container_id="", exit_code=-1, addresses={}, addresses6={}, cut={})


_SEEN: Mapping[type, Callable[[Task, Any, float], Task]] = {
    Prepared: _prepared,
    Refused: _refused,
    StepStarted: _step_started,
    StepEnded: _step_failed,
    Started: _started,
    Health: _health,
    Legs: _legs,
    Died: _died,
    Vanished: _vanished,
}
