"""The restart supervisor: what follows the end of a task (swarmkit orchestrator/restart).

A task is never started again: its slot gets a new task, created at once with desired READY, which may run when
the policy's delay is over and the old task has ended. The orchestrators call it for tasks that ended or whose
node is gone; `release` lets waiting tasks run.
"""

from dataclasses import replace

from stackferry.emulator.cluster.objects import RestartHistory, Service, Task
from stackferry.emulator.cluster.spec import Mode, RestartCondition
from stackferry.emulator.cluster.state import TaskState
from stackferry.emulator.orchestrator.draft import Draft, slot_of

OLD_TASK_TIMEOUT = 60.0
"""The most seconds that a replacement waits for the old task to end."""


def running_state(service: Service) -> TaskState:
    """The desired state of a task that may run."""
    return TaskState.COMPLETE if service.spec.mode.is_job else TaskState.RUNNING


def restart(draft: Draft, service: Service, task: Task) -> None:
    """Give up a task that is still wanted, and replace it if the policy says so."""
    if task.start_at is not None and task.start_at > draft.now and task.desired == TaskState.READY:
        # It ended while it waited: its replacement must not run sooner than it would have run itself.
        draft.wake(task.start_at)
        return
    # A completed task of a job stays as it is.
    done = service.spec.mode.is_job and task.state == TaskState.COMPLETE
    if done:
        return
    draft.tell([task], TaskState.SHUTDOWN)
    if _is_superseded(draft, service, task) or not should_restart(draft, service, task):
        return
    node = draft.nodes.get(task.node_id)
    drained = node is not None and node.availability == "drain"
    down = node is None or not node.ready
    new = draft.create(service, slot_of(service, task), TaskState.READY)
    delay = 0.0 if drained else task.template.restart.delay
    waits = not task.ended and not down
    new = draft.put(replace(new, start_at=draft.now + delay, after=task.id if waits else ""))
    _record(draft, service, new)
    draft.wake(draft.now + delay)


def _is_superseded(draft: Draft, service: Service, task: Task) -> bool:
    """Whether an update has already begun to replace the task: a restart would run beside the new one for good."""
    slot = slot_of(service, task)
    return any(
        one.wanted and one.version > task.version and slot_of(service, one) == slot for one in draft.of(service.id)
    )


def should_restart(draft: Draft, service: Service, task: Task) -> bool:
    """Whether the policy wants a replacement for a task that ended at `task.at`."""
    policy = task.template.restart
    condition = policy.condition
    if service.spec.mode.is_job and condition is RestartCondition.ANY:
        condition = RestartCondition.ON_FAILURE
    if condition is RestartCondition.NONE:
        return False
    if condition is RestartCondition.ON_FAILURE and task.state == TaskState.COMPLETE:
        return False
    # A swarm stores a global job's attempts by node, but looks them up without the node.
    uncounted = service.spec.bug_compatible and service.spec.mode is Mode.GLOBAL_JOB
    if policy.max_attempts == 0 or uncounted:
        return True
    key = (service.id, slot_of(service, task))
    history = draft.history.get(key)
    if history is None or history.version != task.version:
        return True
    if policy.window == 0:
        return history.total < policy.max_attempts
    # Only restarts in the window that ends with this failure count; older ones are forgotten.
    recent = tuple(at for at in history.at if at > task.at - policy.window)
    if recent != history.at:
        draft.history[key] = replace(history, at=recent)
    return sum(at < task.at for at in recent) < policy.max_attempts


def _record(draft: Draft, service: Service, task: Task) -> None:
    policy = task.template.restart
    if policy.max_attempts == 0:
        return
    key = (service.id, slot_of(service, task))
    history = draft.history.get(key)
    if history is None or history.version != task.version:
        history = RestartHistory(task.version)
    at = (*history.at, task.created_at) if policy.window else ()
    draft.history[key] = RestartHistory(task.version, history.total + 1, at)


def updatable(draft: Draft, service: Service, slot: list[Task]) -> list[Task]:
    """The tasks of a slot that count: those that may run, else the newest if the policy leaves it ended.

    Empty for a dead slot. Tasks that ended for good do not count for a rollback, nor for a service that was stopped
    since and is to run again.
    """
    alive = [task for task in slot if task.wanted]
    if alive:
        return alive
    if service.update is not None and service.update.state.name == "ROLLBACK_STARTED":
        return []
    newest = max(slot, key=lambda task: (task.created_at, task.at))
    if newest.version < service.revived:
        return []
    gave_up = newest.desired == TaskState.SHUTDOWN and not should_restart(draft, service, newest)
    return [newest] if gave_up else []


def release(draft: Draft, service: Service, tasks: list[Task]) -> None:
    """Let tasks run whose delay is over and whose predecessor has ended."""
    for task in tasks:
        if task.desired != TaskState.READY or task.start_at is None:
            continue
        if task.start_at > draft.now:
            draft.wake(task.start_at)
            continue
        if task.ended:
            # A task that ended while it waited is not released but replaced.
            continue
        old = draft.tasks.get(task.after) if task.after else None
        deadline = task.created_at + OLD_TASK_TIMEOUT
        if old is not None and not old.ended and _is_up(draft, old) and draft.now < deadline:
            draft.wake(deadline)
            continue
        draft.put(replace(task, desired=running_state(service), start_at=None, after=""))


def _is_up(draft: Draft, task: Task) -> bool:
    node = draft.nodes.get(task.node_id)
    return node is not None and node.ready


def forget(draft: Draft, service_id: str) -> None:
    """Drop the history of a service that is gone."""
    for key in [key for key in draft.history if key[0] == service_id]:
        del draft.history[key]
