"""Services whose image is another now than the one their tasks were made from: built or pulled again under its name."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from stackferry.emulator.cluster.objects import Cluster, Service, Task
from stackferry.emulator.cluster.spec import ServiceSpec
from stackferry.emulator.engine.protocol import Engine
from stackferry.emulator.orchestrator.dirty import is_dirty


def outdated(engine: Engine, cluster: Cluster, services: Iterable[ServiceSpec]) -> Iterator[str]:
    """Their full names. One task of each is looked at: the oldest that runs, else the last that ran."""
    there = cluster.by_name()
    for spec in services:
        task = _of(cluster, there[spec.name]) if spec.name in there else None
        container = spec.task.container
        if task is None or container is None:
            continue
        made_from, image = engine.inspect(task.container_id), engine.image(container.image)
        # The name is compared too: another one is a change of the service already.
        if made_from and image and made_from.image == container.image and made_from.image_id != image.id:
            yield spec.name


def _of(cluster: Cluster, service: Service) -> Task | None:
    """None if an update is to replace it anyway, or nothing ran yet."""
    ran = [one for one in cluster.tasks_of(service.id) if one.container_id and not is_dirty(service, one, None)]
    live = [one for one in ran if one.wanted and not one.ended]
    if live:
        return min(live, key=lambda task: task.created_at)
    return max(ran, key=lambda task: task.created_at, default=None)


def as_they_are(cluster: Cluster, services: Iterable[ServiceSpec]) -> tuple[ServiceSpec, ...]:
    """The services with what would replace tasks left as it is; how many there are to be is the new one's."""
    there = {name: one.spec for name, one in cluster.by_name().items()}
    return tuple(
        replace(spec, task=there[spec.name].task, endpoint=there[spec.name].endpoint) if spec.name in there else spec
        for spec in services
    )
