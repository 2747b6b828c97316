"""The updater: replaces the dirty slots of a service, `parallelism` at a time (swarmkit orchestrator/update).

`step` looks at the rollout of a service (a frozen value in the service) and at its tasks, and does what can be
done now. Only failures of tasks that this update created count, from their creation until `monitor` seconds after
they started to run.
"""

from collections.abc import Sequence
from dataclasses import replace

from stackferry.emulator.cluster.objects import Rollout, Service, Task, UpdateStatus, Work
from stackferry.emulator.cluster.spec import UpdateConfig
from stackferry.emulator.cluster.state import TaskState, UpdateState
from stackferry.emulator.orchestrator.dirty import is_dirty, is_slot_dirty
from stackferry.emulator.orchestrator.draft import Draft, Slot
from stackferry.emulator.orchestrator.following import announce, is_held
from stackferry.emulator.orchestrator.restart import running_state

_PAUSED = (UpdateState.PAUSED, UpdateState.ROLLBACK_PAUSED)
_UNDER_WAY = (UpdateState.UPDATING, UpdateState.ROLLBACK_STARTED)


def step(draft: Draft, service: Service, slots: dict[Slot, list[Task]]) -> Service:
    """The service after what its update can do now. `slots` are those that stay, with the tasks that count."""
    if service.rollout is not None and service.rollout.version != service.version:
        service = _put(draft, replace(service, rollout=None))
    if service.rollout is None:
        if is_held(draft, service):
            return service
        service = _begin(draft, service, slots)
        if service.rollout is None:
            return service
    if not _is_paused(service):
        service = _heed_failures(draft, service)
    if service.rollout is not None:
        service = _work(draft, service, slots)
    return service


def _is_paused(service: Service) -> bool:
    return service.update is not None and service.update.state in _PAUSED


def _begin(draft: Draft, service: Service, slots: dict[Slot, list[Task]]) -> Service:
    state = service.update.state if service.update else None
    if _is_paused(service):
        return service
    dirty = [slot for slot, tasks in slots.items() if is_slot_dirty(service, tasks, draft.nodes)]
    if not dirty:
        return _complete(draft, service) if state in _UNDER_WAY else service
    # Swarm takes them in random order (Go's maps); lowest first is as good and easier to follow.
    dirty.sort(key=str) if isinstance(dirty[0], str) else dirty.sort()
    if service.update is None:
        service = replace(service, update=UpdateStatus(UpdateState.UPDATING, "update in progress", draft.now))
    return _put(draft, replace(service, rollout=Rollout(service.version, len(dirty), tuple(dirty))))


def _config(service: Service) -> UpdateConfig:
    rolling_back = service.update is not None and service.update.state == UpdateState.ROLLBACK_STARTED
    return service.spec.rollback if rolling_back else service.spec.update


def _monitor(config: UpdateConfig) -> float:
    return config.delay + 1.0 if config.delay >= config.monitor else config.monitor


def _heed_failures(draft: Draft, service: Service) -> Service:
    """Note when new tasks started to run and which of them ended early; act when too many did."""
    rollout, config = service.rollout, _config(service)
    assert rollout is not None
    made, failed = dict(rollout.made), set(rollout.failed)
    for task_id, ran_at in rollout.made.items():
        task = draft.tasks.get(task_id)
        if task is None or task.state < TaskState.RUNNING:
            continue
        if ran_at is None:
            made[task_id] = task.at
        if task.ended and task_id not in failed and task.desired <= TaskState.SHUTDOWN and _by_itself(task):
            if task.at - (made[task_id] or 0.0) > _monitor(config):
                continue
            failed.add(task_id)
            service = _put(draft, replace(service, rollout=replace(rollout, made=made, failed=frozenset(failed))))
            if len(failed) / rollout.dirty > config.max_failure_ratio:
                acted = _act(draft, service, config, task_id)
                if acted is not None:
                    return acted
    return _put(draft, replace(service, rollout=replace(rollout, made=made, failed=frozenset(failed))))


def _by_itself(task: Task) -> bool:
    """Whether a task ended without being told to."""
    return task.state != TaskState.SHUTDOWN


def _act(draft: Draft, service: Service, config: UpdateConfig, task_id: str) -> Service | None:
    assert service.update is not None
    rolling_back = service.update.state == UpdateState.ROLLBACK_STARTED
    reason = f"due to failure or early termination of task {task_id}"
    task = draft.tasks[task_id]
    label = f"{service.spec.name}.{task.slot}" if task.slot else service.spec.name
    cause = f"{label}: {task.error or task.state}"
    if config.failure_action == "continue":
        return None
    if config.failure_action == "rollback" and not rolling_back and service.previous is not None:
        status = UpdateStatus(UpdateState.ROLLBACK_STARTED, f"update rolled back {reason}", draft.now, cause=cause)
        return _put(draft, roll_back(service, status))
    # A rollback is never rolled back.
    state = UpdateState.ROLLBACK_PAUSED if rolling_back else UpdateState.PAUSED
    message = f"{'rollback' if rolling_back else 'update'} paused {reason}"
    # No further slot is taken; those in progress are finished.
    rollout = replace(service.rollout, queue=()) if service.rollout is not None else None
    status = replace(service.update, state=state, message=message, cause=cause)
    return _put(draft, replace(service, rollout=rollout, update=status))


def roll_back(service: Service, status: UpdateStatus) -> Service:
    """The service with its previous spec again. Its version still goes up: a rollback is a change too."""
    assert service.previous is not None
    return replace(
        service,
        spec=service.previous,
        previous=None,
        version=service.version + 1,
        update=status,
        rollout=None,
        updated_at=status.started_at,
    )


def _work(draft: Draft, service: Service, slots: dict[Slot, list[Task]]) -> Service:
    """Let workers go on: wait for new tasks, pause for the delay, take the next slot; finally monitor for a while."""
    rollout, config = service.rollout, _config(service)
    assert rollout is not None
    parallelism = config.parallelism or rollout.dirty
    made = dict(rollout.made)
    works = [done for work in rollout.works for done in _advance(draft, service, config, work, made, slots)]
    queue = list(rollout.queue)
    while queue and len(works) < parallelism:
        slot = queue.pop(0)
        work = _take(draft, service, config, slot, slots.get(slot, []), made)
        works += [] if work is None else _advance(draft, service, config, work, made, slots)
    finish_at = rollout.finish_at
    if not queue and not works:
        if finish_at is None:
            announce(draft, service)
        if _is_paused(service):
            return _put(draft, replace(service, rollout=None))
        if finish_at is None:
            finish_at = draft.now + _monitor(config)
        if draft.now >= finish_at:
            return _complete(draft, service)
        draft.wake(finish_at)
    rollout = replace(rollout, queue=tuple(queue), works=tuple(works), made=made, finish_at=finish_at)
    return _put(draft, replace(service, rollout=rollout))


def _advance(
    draft: Draft,
    service: Service,
    config: UpdateConfig,
    work: Work,
    made: dict[str, float | None],
    slots: dict[Slot, list[Task]],
) -> Sequence[Work]:
    """The next state of a worker's slot, or nothing if the worker is free again."""
    if work.task_id:
        task = draft.tasks.get(work.task_id)
        if task is not None and task.state < TaskState.RUNNING:
            return (work,)
        if task is not None:
            made[task.id] = made.get(task.id) or task.at
            if config.order == "start-first" and task.state == TaskState.RUNNING:
                others = (one for one in slots.get(work.slot, ()) if one.id != task.id)
                draft.tell(others, TaskState.SHUTDOWN)
        work = Work(work.slot, until=draft.now + config.delay)
    if work.until is not None and draft.now < work.until:
        draft.wake(work.until)
        return (work,)
    return ()


def _take(
    draft: Draft, service: Service, config: UpdateConfig, slot: Slot, tasks: list[Task], made: dict[str, float | None]
) -> Work | None:
    """Begin the update of one slot."""
    if not tasks:
        return None
    tasks = [draft.tasks[task.id] for task in tasks if task.id in draft.tasks]
    clean = [task for task in tasks if task.wanted and not is_dirty(service, task, draft.nodes.get(task.node_id))]
    running = running_state(service)
    if clean:
        # The slot has a task of the new spec already: keep it, and end the others.
        kept = max(clean, key=lambda task: task.desired)
        draft.tell((task for task in tasks if task.id != kept.id), TaskState.SHUTDOWN)
        draft.put(replace(draft.tasks[kept.id].told(running), start_at=None, after=""))
        return Work(slot, until=draft.now + config.delay)
    new = draft.create(service, slot, TaskState.READY)
    made[new.id] = None
    if config.order == "start-first":
        draft.put(new.told(running))
        return Work(slot, new.id)
    old = [task for task in tasks if not task.ended]
    draft.tell(tasks, TaskState.SHUTDOWN)
    draft.put(replace(new, start_at=draft.now, after=old[-1].id if old else ""))
    return Work(slot, new.id)


def _complete(draft: Draft, service: Service) -> Service:
    assert service.update is not None
    rolled_back = service.update.state == UpdateState.ROLLBACK_STARTED
    status = replace(
        service.update,
        state=UpdateState.ROLLBACK_COMPLETED if rolled_back else UpdateState.COMPLETED,
        message="rollback completed" if rolled_back else "update completed",
        completed_at=draft.now,
    )
    return _put(draft, replace(service, update=status, rollout=None))


def _put(draft: Draft, service: Service) -> Service:
    draft.services[service.id] = service
    return service
