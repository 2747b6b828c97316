"""Adds the time of day, for people, to times of the stack's clock, which durations are measured on. Pure.

A pass knows only the stack's clock (`store/clock.py`). What the pass changed is dated here, in one place: a task gets
both, since its times are compared as well as shown; times of services that are only shown are the time of day alone.
"""

from dataclasses import replace

from stackferry.emulator.cluster.objects import Cluster, Service, Task


def dated(before: Cluster, after: Cluster, now: float, wall: float) -> Cluster:
    """The cluster after a pass at `now`, with dates for all that the pass changed; `wall` is the time of day."""
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
    """Date what the pass itself has written into a service: it wrote that at `now`."""
    status = service.update
    if service is old or status is None or (old is not None and status == old.update):
        return service
    begun = wall if status.started_at == now else status.started_at
    over = wall if status.completed_at == now else status.completed_at
    changed = wall if service.updated_at == now else service.updated_at
    return replace(service, update=replace(status, started_at=begun, completed_at=over), updated_at=changed)
