"""The engine's body for one task's container: POST /containers/create. Pure.

Takes the service's `ContainerSpec`, fills in the templates for this task, its node's address for host-mode
ports, and the host's paths of its secrets and configs. Legs in further networks are `connections`: an engine
below API 1.44 takes one network at creation.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from emulator import labels
from emulator.cluster import Node, Service, Task
from emulator.container import ContainerSpec, HealthSpec, MountSpec, NetworkAttachmentSpec
from emulator.fingerprint import fingerprint
from emulator.templating import expand

Body = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Request:
    """What the engine is asked for. `connections`: (network, endpoint) for all but the first network."""

    name: str
    body: Body
    platform: str = ""
    connections: tuple[tuple[str, Body], ...] = ()


def request(
    task: Task, service: Service, node: Node, container: ContainerSpec, files: Mapping[str, str], stack: str
) -> Request:
    """The request for a task's container. `files`: target in the container to path on the host."""

    def filled(text: str) -> str:
        return expand(text, task, service, node)

    first, others = container.networks[:1], container.networks[1:]
    mounts = [_mount(mount, filled(mount.source), filled(mount.target)) for mount in container.mounts]
    mounts += [{"Type": "bind", "Source": path, "Target": target, "ReadOnly": True} for target, path in files.items()]
    host: dict[str, object] = {
        "NetworkMode": first[0].network if first else container.network_mode or "default",
        "RestartPolicy": {"Name": ""},
        "Mounts": mounts,
        "PortBindings": _bindings(task, node),
        "ExtraHosts": list(container.hosts),
        "GroupAdd": list(container.groups),
        "Init": container.init,
        **container.options,
    }
    body: dict[str, object] = {
        "Image": container.image,
        "Env": [_env(text, filled) for text in container.env],
        "Labels": _labels(task, service, node, container, stack),
        "Hostname": filled(container.hostname),
        "Domainname": container.domainname,
        "User": container.user,
        "WorkingDir": container.working_dir,
        "Tty": container.tty,
        "OpenStdin": container.stdin_open,
        "StopSignal": container.stop_signal or None,
        "Healthcheck": _health(container.health),
        "ExposedPorts": {port: {} for port in container.exposed},
        "HostConfig": _set(host),
    }
    if container.command is not None:
        # A new entrypoint does without the image's command, as in a swarm and in compose.
        body["Entrypoint"], body["Cmd"] = list(container.command), list(container.args or ())
    elif container.args is not None:
        body["Cmd"] = list(container.args)
    if first:
        body["NetworkingConfig"] = {"EndpointsConfig": {leg.network: endpoint(leg) for leg in first}}
    return Request(
        container.container_name or f"{service.spec.name}.{task.slot or task.node_id}.{task.id}",
        _set(body),
        container.platform,
        tuple((leg.network, endpoint(leg)) for leg in others),
    )


def _set(fields: Mapping[str, object]) -> dict[str, object]:
    """Without what is not set, so that the engine's and the image's own defaults hold."""
    return {key: value for key, value in fields.items() if value not in (None, "", [], {})}


def _env(text: str, filled: Callable[[str], str]) -> str:
    name, equals, value = text.partition("=")
    return f"{name}{equals}{filled(value)}"


def _labels(task: Task, service: Service, node: Node, container: ContainerSpec, stack: str) -> dict[str, str]:
    return {
        **container.labels,
        labels.NAMESPACE: stack,
        labels.TASK: "",
        labels.TASK_ID: task.id,
        labels.TASK_NAME: f"{service.spec.name}.{task.slot or task.node_id}.{task.id}",
        labels.NODE_ID: node.id,
        labels.SERVICE_ID: service.id,
        labels.SERVICE_NAME: service.spec.name,
        labels.STACK: stack,
        labels.SERVICE: service.spec.name,
        labels.SLOT: str(task.slot),
        labels.VERSION: str(task.version),
        labels.SPEC: fingerprint(task.template),
        labels.CREATED: f"{task.created_at:.3f}",
    }


def _bindings(task: Task, node: Node) -> dict[str, list[dict[str, str]]]:
    """Host-mode ports, on the address of the task's node."""
    found: dict[str, list[dict[str, str]]] = {}
    for port in task.endpoint.ports:
        if port.mode == "host":
            binding = {"HostIp": port.host_ip or node.address, "HostPort": str(port.published or "")}
            found.setdefault(f"{port.target}/{port.protocol}", []).append(binding)
    return found


def _health(health: HealthSpec | None) -> dict[str, object] | None:
    if health is None:
        return None
    return _set(
        {
            "Test": list(health.test),
            "Interval": health.interval or None,
            "Timeout": health.timeout or None,
            "StartPeriod": health.start_period or None,
            "StartInterval": health.start_interval or None,
            "Retries": health.retries or None,
        }
    )


def endpoint(leg: NetworkAttachmentSpec) -> dict[str, object]:
    """The EndpointConfig of a leg in a network."""
    ipam = _set(
        {
            "IPv4Address": leg.ipv4_address,
            "IPv6Address": leg.ipv6_address,
            "LinkLocalIPs": list(leg.link_local_ips),
        }
    )
    return _set(
        {
            "Aliases": list(leg.aliases),
            "IPAMConfig": ipam,
            "Links": list(leg.links),
            "MacAddress": leg.mac_address,
            "DriverOpts": dict(leg.driver_opts),
            "GwPriority": leg.gw_priority or None,
        }
    )


def _mount(mount: MountSpec, source: str, target: str) -> dict[str, object]:
    made: dict[str, object] = {"Type": mount.type, "Source": source, "Target": target}
    if mount.read_only:
        made["ReadOnly"] = True
    made |= {name: options for name, make in _OPTIONS.items() if (options := make(mount))}
    return {key: value for key, value in made.items() if value != ""}


def _bind_options(mount: MountSpec) -> dict[str, object]:
    if mount.type != "bind":
        return {}
    options = {"Propagation": mount.propagation, "CreateMountpoint": mount.create_host_path or None}
    return _set({**options, "NonRecursive": True if mount.recursive == "disabled" else None})


def _volume_options(mount: MountSpec) -> dict[str, object]:
    if mount.type != "volume":
        return {}
    driver = _set({"Name": mount.driver, "Options": dict(mount.driver_opts)})
    return _set(
        {
            "NoCopy": mount.nocopy or None,
            "Labels": dict(mount.labels),
            "Subpath": mount.subpath,
            "DriverConfig": driver,
        }
    )


def _tmpfs_options(mount: MountSpec) -> dict[str, object]:
    if mount.type != "tmpfs":
        return {}
    return _set({"SizeBytes": mount.tmpfs_size or None, "Mode": mount.tmpfs_mode or None})


def _image_options(mount: MountSpec) -> dict[str, object]:
    return _set({"Subpath": mount.subpath}) if mount.type == "image" else {}


_OPTIONS = {
    "BindOptions": _bind_options,
    "VolumeOptions": _volume_options,
    "TmpfsOptions": _tmpfs_options,
    "ImageOptions": _image_options,
}
