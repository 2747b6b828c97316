"""Start order: a new service waits for its dependencies, but only once: restarts and updates never wait.

Swarm drops `depends_on`; this is what compose users mean by it. A pass calls it before the orchestrators.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from stackferry.emulator.cluster.objects import Service, Task
from stackferry.emulator.cluster.state import TaskState
from stackferry.emulator.orchestrator.draft import Draft


def _runs(tasks: list[Task], service: Service) -> bool:
    running = sum(task.state == TaskState.RUNNING or task.state == TaskState.COMPLETE for task in tasks)
    return running >= (1 if service.spec.mode.is_global else min(service.spec.replicas, 1))


def _completed(tasks: list[Task], service: Service) -> bool:
    done = {task.slot for task in tasks if task.state == TaskState.COMPLETE}
    return len(done) >= (1 if service.spec.mode.is_global else service.spec.replicas)


# A task with a health check is RUNNING only once it is healthy, so the first two mean the same here.
CONDITIONS: Mapping[str, Callable[[list[Task], Service], bool]] = {
    "service_started": _runs,
    "service_healthy": _runs,
    "service_completed_successfully": _completed,
}


def unmet(
    tasks_of: Callable[[str], Iterable[Task]], depends_on: Mapping[str, str], services: Iterable[Service]
) -> list[str]:
    """The names of services whose condition does not hold yet; missing services are not waited for."""
    by_name = {one.spec.name: one for one in services if not one.removed}
    return [
        name
        for name, condition in depends_on.items()
        if (other := by_name.get(name)) is not None and not CONDITIONS[condition](list(tasks_of(other.id)), other)
    ]


def admit(draft: Draft) -> None:
    """Let services begin whose dependencies meet their conditions."""
    for service in list(draft.services.values()):
        if service.awaiting and not unmet(draft.of, service.spec.depends_on, draft.services.values()):
            draft.services[service.id] = replace(service, awaiting=False)
