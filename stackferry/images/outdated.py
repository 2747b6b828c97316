"""Finds services whose image has changed since their tasks were created: it was built or pulled again."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from stackferry.emulator.cluster.objects import Cluster, Service, Task
from stackferry.emulator.cluster.spec import ServiceSpec
from stackferry.emulator.engine.protocol import Engine
from stackferry.emulator.orchestrator.dirty import is_dirty


def outdated(engine: Engine, cluster: Cluster, services: Iterable[ServiceSpec]) -> Iterator[str]:
    """Full names of outdated services. Checks one task of each: the oldest running one, else the last that ran."""
    there = cluster.by_name()
    for spec in services:
        task = _of(cluster, there[spec.name]) if spec.name in there else None
        container = spec.task.container
        if task is None or container is None:
            continue
        made_from, image = engine.inspect(task.container_id), engine.image(container.image)
        # Compare the name, too: a new name is already a change of the service.
        if made_from and image and made_from.image == container.image and made_from.image_id != image.id:
            yield spec.name


def _of(cluster: Cluster, service: Service) -> Task | None:
    """The task to check; None if an update replaces it anyway, or no task ran yet."""
    ran = [one for one in cluster.tasks_of(service.id) if one.container_id and not is_dirty(service, one, None)]
    live = [one for one in ran if one.wanted and not one.ended]
    if live:
        return min(live, key=lambda task: task.created_at)
    return max(ran, key=lambda task: task.created_at, default=None)


def as_they_are(cluster: Cluster, services: Iterable[ServiceSpec]) -> tuple[ServiceSpec, ...]:
    """The services without changes that would replace tasks; the number of replicas is the new one."""
    there = {name: one.spec for name, one in cluster.by_name().items()}
    return tuple(
        replace(spec, task=there[spec.name].task, endpoint=there[spec.name].endpoint) if spec.name in there else spec
        for spec in services
    )
