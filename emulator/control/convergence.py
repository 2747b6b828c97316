"""Whether a service has converged, and if not, what it is waiting for. Pure; returns values of `progress.py`.

`up` asks after every pass. A service that cannot converge by itself is stuck, with the reason.
"""

from math import inf

from stackferry.emulator.cluster.constraint import matches
from stackferry.emulator.cluster.objects import Cluster, Node, Service, Task, UpdateStatus
from stackferry.emulator.cluster.spec import Mode, RestartCondition
from stackferry.emulator.cluster.state import TaskState, UpdateState
from stackferry.emulator.control.progress import Kind, Progress, Reason, Standing
from stackferry.emulator.orchestrator.dirty import is_dirty
from stackferry.emulator.orchestrator.draft import Slot, slot_of

LOOP = 3
"""This many tasks of a slot in a row that ended by themselves are a crash loop: more of the same is to be expected."""

STEADY = 2.0
"""Seconds that a task has to run before `up` counts it: a task that exits at once must not pass for a running one."""

_CRASHED = (TaskState.COMPLETE, TaskState.FAILED, TaskState.REJECTED)
_PAUSED = (UpdateState.PAUSED, UpdateState.ROLLBACK_PAUSED)
_UNDER_WAY = (UpdateState.UPDATING, UpdateState.ROLLBACK_STARTED)


def wanted_tasks(cluster: Cluster, service: Service) -> int:
    """How many tasks a service should have."""
    if not service.spec.mode.is_global:
        return service.spec.replicas
    constraints = service.spec.task.placement.constraints
    return sum(
        node.ready and node.availability != "drain" and matches(constraints, node) for node in cluster.nodes.values()
    )


def progress(
    cluster: Cluster, service: Service, *, now: float = inf, steady: float | None = 0.0, since: int | None = None
) -> Progress:
    """The progress of one service.

    Its tasks count once they have run for `steady` seconds; None: for as long as an update would monitor them, as in
    docker. `since`: the version to wait for; a rollback of that version is reported. None: the current spec.
    """
    tasks = list(cluster.tasks_of(service.id))
    name, wanted = service.spec.name, wanted_tasks(cluster, service)
    if service.awaiting:
        return Progress(name, Standing.WORKING, 0, wanted, Reason(Kind.DEPENDENCIES, tuple(service.spec.depends_on)))
    if service.spec.schedules:
        under_way = sum(task.wanted and not task.ended for task in tasks)
        return Progress(name, Standing.CONVERGED, under_way, wanted, Reason(Kind.SCHEDULE))
    done = TaskState.COMPLETE if service.spec.mode.is_job else TaskState.RUNNING
    current = [task for task in tasks if task.iteration == service.iteration]
    running = sum(task.state == done and task.wanted for task in current)
    update = service.update
    finished = _finished(service, current)
    if update is not None and update.state in _PAUSED:
        if wanted and finished == wanted:
            # A swarm's updater counts every exit as a failure; this one was wanted, and nothing is left to replace.
            return Progress(name, Standing.CONVERGED, running, wanted, Reason(Kind.COMPLETE))
        return Progress(name, Standing.STUCK, running, wanted, Reason(Kind.PAUSED, detail=_explained(update)))
    if _has_slots_too_many(service, current):
        # The manager has not yet seen the lower number; failed tasks go first.
        return Progress(name, Standing.WORKING, running, wanted, Reason(Kind.SURPLUS_TASKS))
    stuck = _stuck(service, current)
    if stuck:
        return Progress(name, Standing.STUCK, running, wanted, stuck)
    under_way = (
        service.rollout is not None or bool(service.behind) or (update is not None and update.state in _UNDER_WAY)
    )
    # The manager may not have seen yet that tasks are out of date or have to leave their node.
    under_way = under_way or any(
        (task.wanted and is_dirty(service, task, node))
        or (task.runnable and node is not None and _has_to_go(task, node))
        for task, node in ((one, cluster.nodes.get(one.node_id)) for one in current)
    )
    leaving = any(not task.wanted and not task.ended for task in tasks)
    if running + finished == wanted and not under_way and not leaving:
        steady_at = _steady_at(service, current, steady)
        if now < steady_at:
            return Progress(name, Standing.WORKING, running, wanted, Reason(Kind.STABLE_TASKS, until=steady_at))
        back = update if update is not None and update.state is UpdateState.ROLLBACK_COMPLETED else None
        if back and since is not None and service.version > since:
            reason = Reason(Kind.ROLLED_BACK, detail=back.cause or "by hand")
            return Progress(name, Standing.ROLLED_BACK, running, wanted, reason)
        return Progress(name, Standing.CONVERGED, running, wanted, _done(back, finished))
    return Progress(name, Standing.WORKING, running, wanted, _waiting(service, current))


def _done(back: UpdateStatus | None, finished: int) -> Reason | None:
    """The remark on a service that has converged, if any."""
    if finished:
        return Reason(Kind.COMPLETE)
    return Reason(Kind.ROLLBACK_COMPLETED, detail=back.message) if back else None


def _explained(update: UpdateStatus) -> str:
    """Swarm's message on an update, and how the task that it names ended."""
    return f"{update.message} ({update.cause})" if update.cause else update.message


def _has_slots_too_many(service: Service, tasks: list[Task]) -> bool:
    if service.spec.mode is not Mode.REPLICATED:
        return False
    staying = [task for task in tasks if task.desired != TaskState.REMOVE]
    return len(_slots(service, staying)) > service.spec.replicas


def _has_to_go(task: Task, node: Node) -> bool:
    return node.availability == "drain" or not matches(task.template.placement.constraints, node)


def _steady_at(service: Service, tasks: list[Task], steady: float | None) -> float:
    """When the running tasks will have run long enough."""
    if service.spec.mode.is_job:
        return 0.0
    monitor = service.spec.update.monitor
    found = 0.0
    for members in _slots(service, tasks).values():
        newest = max(members, key=lambda task: task.created_at)
        if newest.state != TaskState.RUNNING:
            continue
        if steady is None or any(task.state in _CRASHED and task.version == newest.version for task in members):
            found = max(found, newest.at + monitor)
        elif not newest.template.has_healthcheck:
            found = max(found, newest.at + min(steady, monitor))
    return found


def _slots(service: Service, tasks: list[Task]) -> dict[Slot, list[Task]]:
    found: dict[Slot, list[Task]] = {}
    for task in tasks:
        found.setdefault(slot_of(service, task), []).append(task)
    return found


def _finished(service: Service, tasks: list[Task]) -> int:
    """How many slots have finished: their task succeeded and the policy does not replace it."""
    if service.spec.mode.is_job or service.spec.task.restart.condition is RestartCondition.ANY:
        return 0
    return sum(_has_done(service, members) for members in _slots(service, tasks).values())


def _has_done(service: Service, members: list[Task]) -> bool:
    newest = max(members, key=lambda task: task.created_at)
    return _counts(service, newest) and newest.state == TaskState.COMPLETE and not newest.wanted


def _counts(service: Service, task: Task) -> bool:
    """Whether a task matches the service's current spec, so that no update will replace it."""
    return task.version >= service.revived and not is_dirty(service, task, None)


def _stuck(service: Service, tasks: list[Task]) -> Reason | None:
    for slot, members in _slots(service, tasks).items():
        members.sort(key=lambda task: task.created_at)
        current = [task for task in members if task.version == service.version]
        ended = [task for task in current if task.ended and task.state != TaskState.SHUTDOWN]
        label = f"{service.spec.name}.{slot}" if not service.spec.mode.is_global else service.spec.name
        last = ended[-1] if ended else None
        newest = members[-1]
        if last is None and newest.ended and newest.state != TaskState.SHUTDOWN and _counts(service, newest):
            # The service changed in something that does not concern its tasks.
            last = newest
        if last is None or any(task.state == TaskState.RUNNING for task in members):
            continue
        if not any(task.wanted for task in members):
            if last.state == TaskState.COMPLETE and service.spec.task.restart.condition is not RestartCondition.ANY:
                continue
            return Reason(Kind.ENDED, task=label, state=last.state, detail=last.error or str(last.state))
        if len(ended) >= LOOP and service.spec.mode is not Mode.REPLICATED_JOB:
            return Reason(Kind.CRASH_LOOP, task=label, state=last.state, detail=last.error or str(last.state))
    return None


def _before(service: Service, task: Task, tasks: list[Task]) -> str:
    """How the previous task ended, if it ended by itself."""
    slot = slot_of(service, task)
    ended = [
        one for one in tasks if one.state in _CRASHED and one.version == task.version and slot_of(service, one) == slot
    ]
    last = max(ended, key=lambda one: one.created_at, default=None)
    return (last.error or str(last.state)) if last else ""


def _waiting(service: Service, tasks: list[Task]) -> Reason | None:
    """What the first unfinished task is doing."""
    for task in tasks:
        if task.wanted and task.state == TaskState.PENDING:
            # Only the scheduler sets an error on such a task: why it fits nowhere.
            kind = Kind.NODE if task.error else Kind.TASK
            return Reason(kind, task=_label(service, task), state=task.state, detail=task.error)
    if service.update is not None and service.update.state is UpdateState.ROLLBACK_STARTED:
        return Reason(Kind.ROLLBACK, detail=_explained(service.update))
    for task in tasks:
        if task.wanted and task.state == TaskState.STARTING and task.template.has_healthcheck:
            return Reason(Kind.HEALTH, task=_label(service, task), state=task.state)
    for task in tasks:
        if task.wanted and task.state < TaskState.RUNNING:
            before = _before(service, task, tasks)
            return Reason(Kind.TASK, task=_label(service, task), state=task.state, detail=before)
    rollout = service.rollout
    if rollout is not None and rollout.finish_at is not None:
        return Reason(Kind.UPDATE_MONITOR, until=rollout.finish_at)
    if any(not task.wanted and not task.ended for task in tasks):
        return Reason(Kind.OLD_TASKS)
    if rollout is not None:
        # A worker that has finished a slot waits for the update's delay before the next slot.
        return Reason(Kind.UPDATING, until=min((work.until for work in rollout.works if work.until), default=0.0))
    awaited = service.behind or service.spec.follows
    return Reason(Kind.RESTART_AFTER, tuple(awaited)) if awaited else None


def _label(service: Service, task: Task) -> str:
    """The name of a task in a message: its slot, or its node if it has no slot."""
    return f"{service.spec.name}.{task.slot or task.node_id}"


def has_ended(cluster: Cluster, service: Service) -> bool:
    """Whether no task of the service runs or should run; also true if the service is gone."""
    now = cluster.services.get(service.id)
    tasks = [
        task
        for task in cluster.tasks_of(service.id)
        if now is None or task.iteration == now.iteration or not task.ended
    ]
    if any(task.runnable or not task.ended for task in tasks):
        return False
    if now is None or now.removed or now.stopped:
        return True
    if now.awaiting or now.spec.schedules or (now.spec.mode.is_job and not tasks):
        return False
    return bool(tasks) or now.spec.replicas == 0
