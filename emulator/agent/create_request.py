"""From a task to the engine's request: the body of POST /containers/create. Pure.

The agent calls it when it prepares a task, and it expands templates. Callbacks give the host paths of secret and config
files, and the container ids of tasks whose namespaces are shared.
"""

from collections.abc import Callable, Collection, Mapping
from typing import Any, NamedTuple

from stackferry.emulator.agent.mounts import binds, mount_bodies
from stackferry.emulator.agent.network_endpoints import connections, endpoint, shares_network
from stackferry.emulator.cluster import labels
from stackferry.emulator.cluster.container import ContainerSpec, FileMount, HealthSpec
from stackferry.emulator.cluster.objects import Cluster, Node, Task
from stackferry.emulator.cluster.serialize import fingerprint
from stackferry.emulator.cluster.spec import PublishedPort
from stackferry.emulator.control.host_ports import bound_at
from stackferry.emulator.desired.templating import context
from stackferry.grammar.diagnostics import StackferryError
from stackferry.grammar.swarm_template import expand

__all__ = ["Creation", "connections", "creation"]

Body = dict[str, object]


class Creation(NamedTuple):
    """The arguments of `Engine.create`."""

    name: str
    body: Body
    platform: str


def _no_path(file: FileMount) -> str:
    raise StackferryError(
        f"{file.kind} {file.key} is missing on the disk", "this is a bug in stackferry: please report it"
    )


def _no_peer(service: str) -> str:
    raise StackferryError(f"no container of {service} is running", f"start {service} first")


def creation(
    cluster: Cluster,
    task: Task,
    *,
    stack: str,
    path_of: Callable[[FileMount], str] = _no_path,
    container_of: Callable[[str], str] = _no_peer,
) -> Creation:
    """The request for a task; raises StackferryError if a template fails or a peer has no container.

    `path_of` returns the host path of a secret's or config's file, made for this task; `container_of` the id of a
    running container of a service, by the service's name, for `network_mode: service:…` and the like.
    """
    spec, node = container_of_task(task), cluster.nodes[task.node_id]
    data = context(cluster, task, node)
    service = cluster.services[task.service_id].spec.name
    # `container_name` is set at the start: until then the previous container may have that name.
    name = cluster.task_name(task)
    body: Body = {
        "Image": spec.image,
        "Entrypoint": None if spec.command is None else list(spec.command),
        "Cmd": None if spec.args is None else list(spec.args),
        "Env": [_variable(entry, data) for entry in spec.env],
        "Labels": {**spec.labels, **_system_labels(cluster, task, stack, service)},
        "Hostname": expand(spec.hostname, data),
        "Domainname": spec.domainname,
        "User": spec.user,
        "WorkingDir": spec.working_dir,
        "Tty": spec.tty,
        "OpenStdin": spec.stdin_open,
        "StopSignal": spec.stop_signal,
        "StopTimeout": int(task.template.stop_grace),
        "Healthcheck": _health(spec.health),
        "ExposedPorts": {} if shares_network(spec) else {port: {} for port in spec.exposed},
        "MacAddress": spec.networks[0].mac_address if spec.networks else spec.mac_address,
    }
    body = {key: value for key, value in body.items() if _is_said(key, value)}
    body["HostConfig"] = _host_config(spec, task, node, cluster.nodes.values(), data, path_of, container_of)
    if spec.networks:
        first = spec.networks[0]
        body["NetworkingConfig"] = {"EndpointsConfig": {first.network: endpoint(first, service)}}
    elif spec.mac_address:
        # Engines since API 1.44 use only this field, older ones only the other.
        body["NetworkingConfig"] = {"EndpointsConfig": {spec.network_mode: {"MacAddress": spec.mac_address}}}
    return Creation(name, body, spec.platform)


def _is_said(key: str, value: object) -> bool:
    """Whether a value is set: an empty command or entrypoint and a grace of 0 are, other empty values are not."""
    return value is not None if key in ("Entrypoint", "Cmd", "StopTimeout") else bool(value)


def container_of_task(task: Task) -> ContainerSpec:
    """The container spec of a task."""
    spec = task.template.container
    assert isinstance(spec, ContainerSpec)
    return spec


def _variable(entry: str, data: Mapping[str, Any]) -> str:
    """A bare name stays bare: the engine then removes the image's variable."""
    name, separator, value = entry.partition("=")
    return f"{name}{separator}{expand(value, data)}"


def _system_labels(cluster: Cluster, task: Task, stack: str, service: str) -> dict[str, str]:
    return {
        **labels.of_stack(stack),
        labels.TASK: "",
        labels.TASK_ID: task.id,
        labels.TASK_NAME: cluster.task_name(task),
        labels.NODE_ID: task.node_id,
        labels.SERVICE_ID: task.service_id,
        labels.SERVICE_NAME: service,
        labels.SERVICE: service,
        labels.SLOT: str(task.slot),
        labels.VERSION: str(task.version),
        labels.SPEC: fingerprint(task.template),
        labels.CREATED: repr(task.created_on),
    }


def _health(spec: HealthSpec | None) -> Body | None:
    if spec is None:
        return None
    made = {
        "Test": list(spec.test),
        "Interval": spec.interval,
        "Timeout": spec.timeout,
        "StartPeriod": spec.start_period,
        "StartInterval": spec.start_interval,
        "Retries": spec.retries,
    }
    return {key: value for key, value in made.items() if value}


def _host_config(
    spec: ContainerSpec,
    task: Task,
    node: Node,
    nodes: Collection[Node],
    data: Mapping[str, Any],
    path_of: Callable[[FileMount], str],
    container_of: Callable[[str], str],
) -> Body:
    config: Body = {
        **spec.options,
        "NetworkMode": _joined(spec.network_mode, container_of) or _first(spec),
        # A task is one container, run once: restarting is our job.
        "RestartPolicy": {"Name": "no"},
        "Binds": binds(spec, data),
        "Mounts": [*mount_bodies(spec, data), *(_file_mount(file, path_of) for file in spec.files)],
        "PortBindings": _port_bindings(task, node, nodes),
        "Init": spec.init,
        "GroupAdd": list(spec.groups),
        "ExtraHosts": list(spec.hosts),
    }
    for key in ("PidMode", "IpcMode"):
        if key in config:
            config[key] = _joined(str(config[key]), container_of)
    sources = config.get("VolumesFrom")
    if isinstance(sources, list | tuple):
        config["VolumesFrom"] = [_source(str(source), container_of) for source in sources]
    return {key: value for key, value in config.items() if value not in (None, [], {}, "") or key in spec.options}


def _first(spec: ContainerSpec) -> str:
    """A service without networks uses the engine's default network, as in a swarm: outside access, but no names."""
    return spec.networks[0].network if spec.networks else "bridge"


def _joined(mode: str, container_of: Callable[[str], str]) -> str:
    """The namespace of another service is the one of one of its containers."""
    kind, _, name = mode.partition(":")
    return f"container:{container_of(name)}" if kind == "service" else mode


def _source(source: str, container_of: Callable[[str], str]) -> str:
    kind, _, rest = source.partition(":")
    if kind != "service":
        return source
    name, separator, access = rest.partition(":")
    return f"{container_of(name)}{separator}{access}"


def _file_mount(file: FileMount, path_of: Callable[[FileMount], str]) -> Body:
    return {"Type": "bind", "Source": path_of(file), "Target": file.target, "ReadOnly": True}


def _port_bindings(task: Task, node: Node, nodes: Collection[Node]) -> dict[str, list[dict[str, str]]]:
    """Host-mode ports. The task's container does not bind ingress ports."""
    bindings: dict[str, list[dict[str, str]]] = {}
    for port in task.endpoint.ports:
        if port.mode == "host":
            bindings.setdefault(f"{port.target}/{port.protocol}", []).append(_binding(port, node, nodes))
    return bindings


def _binding(port: PublishedPort, node: Node, nodes: Collection[Node]) -> dict[str, str]:
    return {"HostIp": bound_at(port, node, nodes), "HostPort": str(port.published) if port.published else ""}
