"""What happened between two passes, in words: the lines of `stackferry events` and of the progress display.

Pure: two clusters in, one line out for each task and service that changed, in the order of the tasks.
"""

from collections.abc import Iterator

from stackferry.emulator.cluster.objects import Cluster, Service, Task
from stackferry.emulator.cluster.state import TaskState


def happenings(before: Cluster, after: Cluster) -> Iterator[str]:
    """A line for each change that a user may want to know of."""
    for service_id, service in after.services.items():
        yield from _of_service(before.services.get(service_id), service)
    for service_id, service in before.services.items():
        if service_id not in after.services:
            yield f"service {service.spec.name} removed"
    for task_id, task in after.tasks.items():
        old = before.tasks.get(task_id)
        if old is not task:
            yield from _of_task(after, old, task)
    for task_id, task in before.tasks.items():
        if task_id not in after.tasks:
            yield f"task {before.task_name(task)} removed"


def _of_service(old: Service | None, service: Service) -> Iterator[str]:
    name = service.spec.name
    if old is None:
        yield f"service {name} created"
        return
    if service.version != old.version:
        yield f"service {name} updated (version {service.version})"
    if service.update != old.update and service.update is not None:
        yield f"service {name} {service.update.state}: {service.update.message}"
    if service.removed and not old.removed:
        yield f"service {name} to be removed"


def _of_task(cluster: Cluster, old: Task | None, task: Task) -> Iterator[str]:
    if old is not None and (old.state, old.desired, old.error) == (task.state, task.desired, task.error):
        return
    error = f": {task.error}" if task.error else ""
    wish = f", desired {task.desired}" if task.desired != TaskState.RUNNING else ""
    yield f"task {cluster.task_name(task)} {task.state}{wish}{error}"
