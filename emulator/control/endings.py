"""How many tasks of services have ended: for the progress of `stop`, `down`, and Ctrl-C of `up`. Pure.

`convergence.py` is the counterpart for services that are starting or changing.
"""

from collections.abc import Collection, Mapping

from stackferry.emulator.cluster.objects import Cluster
from stackferry.emulator.control.progress import Kind, Progress, Reason, Standing

Leaving = Mapping[str, tuple[str, frozenset[str]]]
"""The state when the end began: services by id, each with its name and the ids of its tasks that had not ended."""


def leaving(cluster: Cluster, services: Collection[str] | None = None) -> Leaving:
    """The tasks of these services (by id) that are to end; None: of all services."""
    return {
        one.id: (one.spec.name, frozenset(task.id for task in cluster.tasks_of(one.id) if not task.ended))
        for one in cluster.services.values()
        if services is None or one.id in services
    }


def endings(begun: Leaving, cluster: Cluster, *, removed: bool) -> list[Progress]:
    """How many of the tasks have ended, by service. `removed`: the services must be gone, too."""
    found = []
    for service_id, (name, tasks) in begun.items():
        left = sum(task_id in cluster.tasks and not cluster.tasks[task_id].ended for task_id in tasks)
        over = service_id not in cluster.services if removed else not left
        doing, done = (Kind.REMOVING, Kind.REMOVED) if removed else (Kind.STOPPING, Kind.STOPPED)
        standing = Standing.CONVERGED if over else Standing.WORKING
        found.append(Progress(name, standing, len(tasks) - left, len(tasks), Reason(done if over else doing)))
    return found
