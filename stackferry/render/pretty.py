"""`inspect --pretty` of services, nodes and configs, in docker's format."""

import base64
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from stackferry.emulator.cluster.container import ContainerSpec, HealthSpec
from stackferry.emulator.cluster.objects import Cluster, Node, Service, UpdateStatus
from stackferry.emulator.cluster.spec import ServiceSpec, TaskTemplate, UpdateConfig
from stackferry.emulator.store.user_payloads import StoredObject
from stackferry.emulator.webnet.rotation import Endpoint
from stackferry.render.container_api import shown_target
from stackferry.render.durations import exact, go_moment, human
from stackferry.render.image_names import familiar
from stackferry.render.node_rows import manager_status

_MODES = {"replicated": "Replicated", "global": "Global", "replicated job": "ReplicatedJob", "global job": "GlobalJob"}


def service_text(service: Service, now: float, rotation: Iterable[tuple[str, Endpoint]] = ()) -> str:
    """A service. `rotation` adds lines that docker does not have."""
    spec = service.spec
    lines = [f"ID:\t\t{service.id}", f"Name:\t\t{spec.name}"]
    if spec.labels:
        lines += ["Labels:", *(f" {key}={value}" for key, value in sorted(spec.labels.items()))]
    lines.append(f"Service Mode:\t{_MODES[spec.mode.value]}")
    if not spec.mode.is_global:
        lines.append(f" Max Concurrent:\t{spec.max_concurrent}" if spec.mode.is_job else f" Replicas:\t{spec.replicas}")
        lines += [f" Total Completions:\t{spec.replicas}"] if spec.mode.is_job else []
    lines += list(_update(service.update, now)) if service.update else []
    lines += _placement(spec)
    if not spec.mode.is_job:
        lines += [
            *_rolling("UpdateConfig", "Update", spec.update),
            *_rolling("RollbackConfig", "Rollback", spec.rollback),
        ]
    lines += list(_container(spec.task.container)) if spec.task.container else []
    lines += [*_resources(spec.task), *_networks(spec.task), f"Endpoint Mode:\t{spec.endpoint.mode}"]
    if spec.endpoint.ports:
        lines.append("Ports:")
        for port in sorted(spec.endpoint.ports, key=lambda one: one.published):
            lines += [f" PublishedPort = {port.published}", f"  Protocol = {port.protocol}"]
            lines += [f"  TargetPort = {port.target}", f"  PublishMode = {port.mode}"]
        lines[-1] += " "
    if spec.task.container and spec.task.container.health:
        lines += _health(spec.task.container.health)
    if rows := list(rotation):
        lines += ["In Rotation:", *(f" {network}: {one}" for network, one in rows)]
    return "\n" + "\n".join(lines) + "\n"


def _health(health: HealthSpec) -> list[str]:
    return [
        " Healthcheck:",
        f"  Interval = {exact(health.interval / 1e9)}",
        f"  Retries = {health.retries}",
        f"  StartPeriod =\t{exact(health.start_period / 1e9)}",
        f"  Timeout =\t{exact(health.timeout / 1e9)}",
        "  Tests:",
        *(f"\t Test = {part}" for part in health.test),
    ]


def _update(status: UpdateStatus, now: float) -> Iterator[str]:
    yield "UpdateStatus:"
    yield f" State:\t\t{status.state}"
    yield f" Started:\t{human(now - status.started_at)} ago"
    if status.completed_at is not None:
        yield f" Completed:\t{human(now - status.completed_at)} ago"
    yield f" Message:\t{status.message}"


def _placement(spec: ServiceSpec) -> list[str]:
    placement, lines = spec.task.placement, ["Placement:"]
    if placement.constraints:
        lines.append(f" Constraints:\t[{' '.join(placement.constraints)}]")
    if placement.spread:
        lines.append(f" Preferences:   [{' '.join(f'spread={one}' for one in placement.spread)}]")
    if placement.max_replicas:
        lines.append(f" Max Replicas Per Node:   {placement.max_replicas}")
    return lines


def _rolling(title: str, verb: str, config: UpdateConfig) -> list[str]:
    return [
        f"{title}:",
        f" Parallelism:\t{config.parallelism}",
        *([f" Delay:\t\t{exact(config.delay)}"] if config.delay else []),
        f" On failure:\t{config.failure_action}",
        f" Monitoring Period: {exact(config.monitor)}",
        f" Max failure ratio: {config.max_failure_ratio:g}",
        f" {verb + ' order:':<18} {config.order}",
    ]


def _container(spec: ContainerSpec) -> Iterator[str]:
    yield "ContainerSpec:"
    yield f" Image:\t\t{familiar(spec.image)}"
    if spec.command:
        yield f" Command:\t{' '.join(spec.command)} "
    if spec.args:
        yield f" Args:\t\t{' '.join(spec.args)} "
    if spec.env:
        yield f" Env:\t\t{' '.join(spec.env)} "
    if spec.working_dir:
        yield f" Dir:\t\t{spec.working_dir}"
    if spec.init is not None:
        yield f" Init:\t\t{str(spec.init).lower()}"
    if spec.user:
        yield f" User: {spec.user}"
    if spec.mounts:
        yield "Mounts:"
        for mount in spec.mounts:
            yield f" Target:\t{mount.target}"
            yield f"  Source:\t{mount.source}"
            yield f"  ReadOnly:\t{str(mount.read_only).lower()}"
            yield f"  Type:\t\t{mount.type}"
    for kind in ("config", "secret"):
        files = [one for one in spec.files if one.kind == kind]
        if files:
            yield f"{kind.title()}s:"
            for file in files:
                yield f" Target:\t{shown_target(file)}"
                yield f"  Source:\t{file.key}"


def _resources(task: TaskTemplate) -> list[str]:
    options: Any = task.container.options if task.container else {}
    lines = ["Resources:"]
    reserved = (task.reservations.nano_cpus, task.reservations.memory, 0)
    limits = (options.get("NanoCpus") or 0, options.get("Memory") or 0, options.get("PidsLimit") or 0)
    for title, (cpus, memory, pids) in (("Reservations", reserved), ("Limits", limits)):
        if cpus or memory or pids:
            lines.append(f" {title}:")
            lines += [f"  CPU:\t\t{cpus / 1e9:g}"] if cpus else []
            lines += [f"  Memory:\t{binary(memory)}"] if memory else []
            lines += [f"  PIDs:\t\t{pids}"] if pids else []
    return lines


def _networks(task: TaskTemplate) -> list[str]:
    return [f"Networks: {' '.join(task.networks)} "] if task.networks else []


def node_text(cluster: Cluster, node: Node) -> str:
    """A node."""
    lines = [f"ID:\t\t\t{node.id}"]
    if node.labels:
        lines += ["Labels:", *(f" - {key}={value}" for key, value in sorted(node.labels.items()))]
    lines += [
        f"Hostname:              \t{node.hostname}",
        f"Joined at:             \t{go_moment(node.created_at)}",
        "Status:",
        f" State:\t\t\t{'Ready' if node.ready else 'Down'}",
        f" Availability:         \t{node.availability.title()}",
        f" Address:\t\t{node.address}",
    ]
    if node.role == "manager":
        status = manager_status(cluster, node)
        lines += [
            "Manager Status:",
            f" Address:\t\t{node.address}:2377",
            f" Raft Status:\t\t{'Unreachable' if status == 'unreachable' else 'Reachable'}",
            f" Leader:\t\t{'Yes' if status == 'leader' else 'No'}",
        ]
    lines += [
        "Platform:",
        f" Operating System:\t{node.os}",
        f" Architecture:\t\t{node.arch}",
        "Resources:",
        f" CPUs:\t\t\t{node.nano_cpus // 1_000_000_000}",
        f" Memory:\t\t{binary(node.memory)}",
    ]
    if node.engine_version:
        lines.append(f"Engine Version:\t\t{node.engine_version}")
    if node.engine_labels:
        lines += ["Engine Labels:", *(f" - {key}={value}" for key, value in sorted(node.engine_labels.items()))]
    return "\n".join(lines) + "\n"


def payload_text(payload: StoredObject, content: bytes | None) -> str:
    """A secret, or a config with its content."""
    created, updated = go_moment(payload.created_at), go_moment(payload.updated_at or payload.created_at)
    labels = [f" - {key}={value}" if value else f" - {key}" for key, value in sorted(payload.labels.items())]
    labels = ["Labels:", *labels] if labels else []
    if content is None:
        lines = [f"ID:              {payload.id}", f"Name:              {payload.name}", *labels]
        lines += ["Driver:            ", f"Created at:        {created}", f"Updated at:        {updated}"]
    else:
        lines = [f"ID:\t\t\t{payload.id}", f"Name:\t\t\t{payload.name}", *labels]
        lines += [f"Created at:            \t{created}", f"Updated at:            \t{updated}"]
        lines += ["Data:", content.decode("utf-8", "replace")]
    return "\n".join(lines) + "\n"


def payload_object(payload: StoredObject, content: bytes | None, timestamp: Callable[[float], str]) -> dict[str, Any]:
    """A secret or config as in Docker's API, with a config's content in base 64; a secret's is omitted."""
    data = {"Data": base64.b64encode(content).decode()} if content is not None else {}
    driver = {"Templating": {"Name": payload.template}} if payload.template else {}
    return {
        "ID": payload.id,
        "Version": {"Index": 1},
        "CreatedAt": timestamp(payload.created_at),
        "UpdatedAt": timestamp(payload.updated_at or payload.created_at),
        "Spec": {"Name": payload.name, "Labels": dict(sorted(payload.labels.items())), **data, **driver},
    }


def binary(size: int) -> str:
    """Bytes as docker prints memory: four digits and a binary unit (go-units BytesSize)."""
    value, units = float(size), iter(("B", "KiB", "MiB", "GiB", "TiB"))
    unit = next(units)
    while value >= 1024 and unit != "TiB":
        value, unit = value / 1024, next(units)
    return f"{value:.4g}{unit}"


def decimal(size: int) -> str:
    """Bytes as docker prints traffic: three digits and a decimal unit (go-units HumanSizeWithPrecision)."""
    value, units = float(size), iter(("B", "kB", "MB", "GB", "TB"))
    unit = next(units)
    while value >= 1000 and unit != "TB":
        value, unit = value / 1000, next(units)
    return f"{value:.3g}{unit}"
