"""The time of day for what people are shown, beside the times of the stack's clock that durations run on. Pure.

A pass knows the stack's clock only (`store/clock.py`). What it has changed is dated here, in one place: a task has
both, since its times are compared as well as shown; what is only shown of services is the time of day alone.
"""

from dataclasses import replace

from stackferry.emulator.cluster.objects import Cluster, Service, Task


def dated(before: Cluster, after: Cluster, now: float, wall: float) -> Cluster:
    """The cluster after a pass at `now`, with dates for all that is new in it; `wall` is the time of day."""
    past = now - wall
    tasks = {key: _dated_task(before.tasks.get(key), task, past) for key, task in after.tasks.items()}
    services = {key: _dated_service(before.services.get(key), one, now, wall) for key, one in after.services.items()}
    return replace(after, tasks=tasks, services=services)


def _dated_task(old: Task | None, task: Task, past: float) -> Task:
    if task is old:
        return task
    created = task.created_at - past if task.created_date is None else task.created_date
    moved = task.at_date is None or old is None or task.at != old.at
    return replace(task, created_date=created, at_date=task.at - past if moved else task.at_date)


def _dated_service(old: Service | None, service: Service, now: float, wall: float) -> Service:
    """What the pass itself has written into a service, it has written at `now`."""
    status = service.update
    if service is old or status is None or (old is not None and status == old.update):
        return service
    begun = wall if status.started_at == now else status.started_at
    over = wall if status.completed_at == now else status.completed_at
    changed = wall if service.updated_at == now else service.updated_at
    return replace(service, update=replace(status, started_at=begun, completed_at=over), updated_at=changed)
