"""The init containers of a task (`pre_start` of a compose file): which one is next, and its request. Pure.

    lifecycle.py (which) -> executor.py: created, started -> watch.py: its end -> lifecycle.py: the next, or the task

They run in the order of the file, each after the previous one has succeeded, before the task's own container, whose
volumes they share. Those without `per_replica` run once per version of the service: in the first task that gets that
far, while the others wait; not for a task that is restarted or added by `scale`. Docker compose does the same
(pkg/compose/pre_start.go), and refuses `per_replica`.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

from stackferry.emulator.agent.create_request import Creation, creation
from stackferry.emulator.cluster import labels
from stackferry.emulator.cluster.container import FileMount, PreStartSpec
from stackferry.emulator.cluster.objects import Cluster, Task
from stackferry.emulator.cluster.serialize import fingerprint
from stackferry.emulator.cluster.spec import EndpointSpec
from stackferry.emulator.cluster.state import TaskState


def steps(task: Task) -> tuple[PreStartSpec, ...]:
    """All init containers of a task's service."""
    return task.template.container.pre_start if task.template.container else ()


def what(cluster: Cluster, task: Task) -> str:
    """Identifies what init containers run once for: a template, a job's run, or a start of a service after a stop."""
    service = cluster.services[task.service_id]
    return f"{fingerprint(task.template)}.{task.iteration}.{service.revived}"


def next_step(cluster: Cluster, task: Task) -> int | None:
    """The index of the init container that has to run before the task may start; None if none is left."""
    found = steps(task)
    if not found:
        return None
    done = cluster.services[task.service_id].prepared == what(cluster, task)
    return next((at for at in range(task.step, len(found)) if found[at].per_replica or not done), None)


def may_run(cluster: Cluster, task: Task, step: int) -> bool:
    """Whether this task runs it: an init container that runs once belongs to the first task that got this far."""
    if steps(task)[step].per_replica:
        return True
    ready = [one for one in cluster.tasks_of(task.service_id) if _waits(one) and _is_alike(one, task)]
    begun = [one for one in ready if one.state == TaskState.STARTING]
    return min(begun or ready, key=lambda one: (one.slot, one.created_at, one.id)).id == task.id


def _is_alike(task: Task, other: Task) -> bool:
    """Whether `what` is the same for two tasks of a service. It runs for each waiting pair, so without fingerprints."""
    return task.iteration == other.iteration and task.template == other.template


def _waits(task: Task) -> bool:
    return task.wanted and task.state in (TaskState.READY, TaskState.STARTING) and task.started_at is None


def succeeded(cluster: Cluster, task: Task, step: int) -> Cluster:
    """The cluster after an init container of a task has succeeded."""
    key = what(cluster, task)
    cluster = cluster.with_task(replace(task, step=step + 1, step_container=""))
    if any(not one.per_replica for one in steps(task)[step + 1 :]) or steps(task)[step].per_replica:
        return cluster
    service = replace(cluster.services[task.service_id], prepared=key)
    return replace(cluster, services={**cluster.services, service.id: service})


def name(task_name: str, step: int) -> str:
    """The name of an init container, by which the next manager finds it."""
    return f"{task_name}.pre_start.{step}"


def request(
    cluster: Cluster,
    task: Task,
    step: int,
    *,
    stack: str,
    path_of: Callable[[FileMount], str],
    container_of: Callable[[str], str],
) -> Creation:
    """The request for an init container: it has the task's volumes but not its ports, and is no task itself."""
    made = creation(
        cluster,
        as_task(task, step),
        stack=stack,
        path_of=path_of,
        container_of=container_of,
    )
    own = {
        key: value
        for key, value in _mapping(made.body["Labels"]).items()
        if key not in (labels.TASK, labels.TASK_ID, labels.TASK_NAME)
    }
    host = _mapping(made.body["HostConfig"])
    sources = host.get("VolumesFrom")
    body = {
        **made.body,
        "Labels": {**own, labels.STEP_OF: task.id, labels.STEP: str(step)},
        "HostConfig": {**host, "VolumesFrom": [*(sources if isinstance(sources, list) else ()), task.container_id]},
    }
    return Creation(name(made.name, step), body, made.platform)


def as_task(task: Task, step: int) -> Task:
    """The task as if an init container were its container."""
    container = replace(steps(task)[step].container, pre_start=())
    legs = tuple(leg.network for leg in container.networks)
    template = replace(task.template, container=container, networks=legs, has_healthcheck=False)
    return replace(task, template=template, endpoint=EndpointSpec())


def _mapping(value: object) -> Mapping[str, object]:
    assert isinstance(value, Mapping)
    return value
