"""Rows of `services` and `service ls`: running and desired tasks, and where a service can be reached."""

from collections.abc import Iterable, Mapping

from stackferry.emulator.cluster.objects import Cluster, Service
from stackferry.emulator.cluster.spec import Mode, PublishedPort
from stackferry.emulator.cluster.state import TaskState
from stackferry.render.api_objects import virtual
from stackferry.render.columns import natural
from stackferry.render.filters import Test, has_label
from stackferry.render.format import Row, Shape
from stackferry.render.image_names import image_name
from stackferry.render.task_rows import SHORT_ID

SHAPE = Shape(
    {"ID": "ID", "Name": "NAME", "Mode": "MODE", "Replicas": "REPLICAS", "Image": "IMAGE", "Ports": "PORTS"},
    ("ID", "Name", "Mode", "Replicas", "Image", "Ports"),
)
WITH_VIPS = Shape({**SHAPE.headings, "VirtualIPs": "VIRTUAL IPS"}, (*SHAPE.shown, "VirtualIPs"))
"""Docker has no such column; it shows the addresses only in `inspect`."""


def service_rows(cluster: Cluster, services: Iterable[Service], *, vips: bool = False) -> list[Row]:
    """Rows sorted by name in natural order. Docker's fields; `vips` adds one of ours."""
    return [
        {
            "ID": service.id[:SHORT_ID],
            "Name": service.spec.name,
            "Mode": service.spec.mode.value,
            "Replicas": replicas(cluster, service),
            "Image": image_name(service.spec.task.container.image if service.spec.task.container else ""),
            "Ports": ports(service),
            **({"VirtualIPs": _virtual_ips(service)} if vips else {}),
        }
        for service in sorted(services, key=lambda one: natural(one.spec.name))
    ]


def _virtual_ips(service: Service) -> str:
    return ", ".join(f"{network}:{at}" for network, at in virtual(service).items())


def replicas(cluster: Cluster, service: Service) -> str:
    """`2/3`; for a job `0/2 (5/5 completed)`; with a limit `2/2 (max 1 per node)`.

    A task that was disconnected from one of its networks does not count until it is connected again.
    """
    spec = service.spec
    tasks = [
        task for task in cluster.tasks_of(service.id) if not spec.mode.is_job or task.iteration == service.iteration
    ]
    running = sum(task.state == TaskState.RUNNING and not task.cut for task in tasks)
    completed = sum(task.state == TaskState.COMPLETE for task in tasks)
    desired = {
        Mode.REPLICATED: spec.replicas,
        Mode.REPLICATED_JOB: min(spec.max_concurrent or spec.replicas, spec.replicas),
        Mode.GLOBAL: sum(task.desired == TaskState.RUNNING for task in tasks),
        Mode.GLOBAL_JOB: sum(task.desired == TaskState.COMPLETE and task.state != TaskState.COMPLETE for task in tasks),
    }[spec.mode]
    if spec.mode.is_job:
        total = desired + completed if spec.mode.is_global else spec.replicas
        return f"{running}/{desired} ({completed}/{total} completed)"
    most = spec.task.placement.max_replicas
    return f"{running}/{desired}" + (f" (max {most} per node)" if most and not spec.mode.is_global else "")


def ports(service: Service) -> str:
    """The ports published in mode ingress, neighbours as ranges: `*:80-81->80-81/tcp`."""
    open_ones = [port for port in service.ports if port.mode == "ingress" and port.published]
    runs: list[list[PublishedPort]] = []
    for port in sorted(open_ones, key=lambda port: (port.protocol, port.published, port.target)):
        if runs and _continues(runs[-1], port):
            runs[-1].append(port)
        else:
            runs.append([port])
    return ", ".join(map(_run, runs))


def _continues(run: list[PublishedPort], port: PublishedPort) -> bool:
    """Whether docker adds a port to this range: it has the next number, and the same or the next target."""
    last = run[-1]
    several = last.target != run[0].target
    onward = port.target - last.target in ((1,) if several else (0, 1))
    return port.protocol == last.protocol and port.published - last.published in (0, 1) and onward


def _run(members: list[PublishedPort]) -> str:
    first, last = members[0], members[-1]
    return f"*:{_span(first.published, last.published)}->{_span(first.target, last.target)}/{first.protocol}"


def _span(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}-{last}"


SERVICE_TESTS: Mapping[str, Test[Service]] = {
    "id": lambda service, value: service.id.startswith(value),
    "name": lambda service, value: service.spec.name.startswith(value),
    "label": lambda service, value: has_label(service.spec.labels, value),
    "mode": lambda service, value: service.spec.mode.value.replace(" ", "-") == value.replace(" ", "-"),
}
