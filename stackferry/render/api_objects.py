"""Services, tasks and nodes as objects of Docker's API, for `inspect` and its templates."""

from collections.abc import Iterable, Iterator, Mapping
from ipaddress import ip_address, ip_network
from typing import Any

from stackferry.emulator.cluster.container import NetworkAttachmentSpec
from stackferry.emulator.cluster.objects import Cluster, Node, Service, Task
from stackferry.emulator.cluster.spec import (
    EndpointSpec,
    Mode,
    Placement,
    PublishedPort,
    ServiceSpec,
    TaskTemplate,
    UpdateConfig,
)
from stackferry.emulator.engine.resources import NetworkInfo
from stackferry.emulator.webnet.allocation import is_virtual
from stackferry.emulator.webnet.rotation import Endpoint, endpoints
from stackferry.render.container_api import container_object, log_driver
from stackferry.render.durations import timestamp
from stackferry.render.node_rows import leader, manager_status

Object = dict[str, Any]
Row = tuple[str, Endpoint]

NANO = 1_000_000_000
_MODES: Mapping[Mode, Any] = {
    Mode.REPLICATED: lambda spec: {"Replicated": {"Replicas": spec.replicas}},
    Mode.GLOBAL: lambda _: {"Global": {}},
    Mode.REPLICATED_JOB: lambda spec: {
        "ReplicatedJob": {"MaxConcurrent": spec.max_concurrent or spec.replicas, "TotalCompletions": spec.replicas}
    },
    Mode.GLOBAL_JOB: lambda _: {"GlobalJob": {}},
}


Networks = Mapping[str, NetworkInfo]
"""The engine's networks by name, as far as they were queried."""


def service_object(service: Service, networks: Networks, rotation: Iterable[Row] = ()) -> Object:
    """One service. `rotation` adds fields that docker does not have."""
    found: Object = {
        "ID": service.id,
        "Version": {"Index": service.version},
        "CreatedAt": timestamp(service.created_at),
        "UpdatedAt": timestamp(service.updated_at),
        "Spec": _spec(service.spec),
    }
    if service.previous is not None:
        found["PreviousSpec"] = _spec(service.previous)
    found["Endpoint"] = {
        "Spec": _endpoint(service.spec.endpoint),
        **_ports(service.ports),
        **_virtual_ips(service, networks),
    }
    if rows := list(rotation):
        found["Endpoint"]["InRotation"] = [
            {"NetworkID": _network_id(network, networks), "TaskID": one.task_id, "Addr": one.address}
            for network, one in rows
        ]
    if service.update is not None:
        found["UpdateStatus"] = {
            "State": str(service.update.state),
            "StartedAt": timestamp(service.update.started_at),
            **({"CompletedAt": timestamp(service.update.completed_at)} if service.update.completed_at else {}),
            "Message": service.update.message,
        }
    if service.spec.mode.is_job:
        found["JobStatus"] = {"JobIteration": {"Index": service.iteration}}
    return found


def _spec(spec: ServiceSpec) -> Object:
    return {
        "Name": spec.name,
        "Labels": dict(sorted(spec.labels.items())),
        "TaskTemplate": _template(spec.task),
        "Mode": _MODES[spec.mode](spec),
        **(
            {}
            if spec.mode.is_job
            else {"UpdateConfig": _rolling(spec.update), "RollbackConfig": _rolling(spec.rollback)}
        ),
        "EndpointSpec": _endpoint(spec.endpoint),
    }


def _template(task: TaskTemplate) -> Object:
    reserved: Object = {
        **({"NanoCPUs": task.reservations.nano_cpus} if task.reservations.nano_cpus else {}),
        **({"MemoryBytes": task.reservations.memory} if task.reservations.memory else {}),
    }
    if task.reservations.generic:
        reserved["GenericResources"] = [
            {"DiscreteResourceSpec": {"Kind": kind, "Value": count}} for kind, count in task.reservations.generic
        ]
    options = task.container.options if task.container else {}
    limits = {
        name: options[key]
        for name, key in (("NanoCPUs", "NanoCpus"), ("MemoryBytes", "Memory"), ("Pids", "PidsLimit"))
        if options.get(key)
    }
    legs = task.container.networks if task.container else ()
    return {
        "ContainerSpec": container_object(task.container, task.stop_grace) if task.container else {},
        "Resources": {**({"Limits": limits} if limits else {}), **({"Reservations": reserved} if reserved else {})},
        "RestartPolicy": {
            "Condition": task.restart.condition.value,
            "Delay": round(task.restart.delay * NANO),
            "MaxAttempts": task.restart.max_attempts,
            **({"Window": round(task.restart.window * NANO)} if task.restart.window else {}),
        },
        "Placement": _placement(task.placement),
        **({"Networks": [_leg(leg) for leg in legs]} if legs else {}),
        **({"LogDriver": driver} if task.container and (driver := log_driver(task.container)) else {}),
        "ForceUpdate": task.force,
        "Runtime": "container",
    }


def _leg(leg: NetworkAttachmentSpec) -> Object:
    return {"Target": leg.network, **({"Aliases": list(leg.aliases)} if leg.aliases else {})}


def _placement(placement: Placement) -> Object:
    parts: Object = {
        "Constraints": list(placement.constraints),
        "Preferences": [{"Spread": {"SpreadDescriptor": one}} for one in placement.spread],
        "MaxReplicas": placement.max_replicas,
        "Platforms": [{"Architecture": arch, "OS": os} for os, arch in placement.platforms],
    }
    return {name: value for name, value in parts.items() if value}


def _rolling(config: UpdateConfig) -> Object:
    return {
        "Parallelism": config.parallelism,
        **({"Delay": round(config.delay * NANO)} if config.delay else {}),
        "FailureAction": config.failure_action,
        "Monitor": round(config.monitor * NANO),
        "MaxFailureRatio": ratio if (ratio := config.max_failure_ratio) % 1 else int(ratio),
        "Order": config.order,
    }


def _endpoint(endpoint: EndpointSpec) -> Object:
    return {"Mode": endpoint.mode, **_ports(endpoint.ports)}


def virtual(service: Service) -> dict[str, str]:
    """The service's VIPs by network, without the addresses of resolvers and gates, which have other keys."""
    return {name: at for name, at in service.vips.items() if is_virtual(name)}


def _virtual_ips(service: Service, networks: Networks) -> Object:
    vips = [
        {"NetworkID": _network_id(name, networks), "Addr": f"{at}{_prefix(at, name, networks)}"}
        for name, at in virtual(service).items()
    ]
    return {"VirtualIPs": vips} if vips else {}


def _network_id(name: str, networks: Networks) -> str:
    """The network's id; its name if the engine does not report it, which docker accepts as well."""
    return networks[name].id if name in networks else name


def _prefix(address: str, name: str, networks: Networks) -> str:
    subnets = (ip_network(one, strict=False) for one in (networks[name].subnets if name in networks else ()))
    return next((f"/{one.prefixlen}" for one in subnets if ip_address(address) in one), "")


def in_rotation(cluster: Cluster, service: Service) -> Iterator[Row]:
    """(network, task) for each task of the service that is in rotation there."""
    for network in service.spec.task.networks:
        for endpoint in endpoints(cluster, service.id, network):
            yield network, endpoint


def _ports(ports: tuple[PublishedPort, ...]) -> Object:
    """The ports under `Ports`, or nothing: docker omits empty fields."""
    found = [
        {
            "Protocol": port.protocol,
            "TargetPort": port.target,
            **({"PublishedPort": port.published} if port.published else {}),
            "PublishMode": port.mode,
        }
        for port in sorted(ports, key=lambda one: one.published)
    ]
    return {"Ports": found} if found else {}


def task_object(cluster: Cluster, task: Task) -> Object:
    """One task, with the networks and addresses of its container."""
    status: Object = {
        "Timestamp": timestamp(task.since),
        "State": str(task.state),
        "Message": task.message,
        **({"Err": task.error} if task.error else {}),
    }
    if task.container_id:
        status["ContainerStatus"] = {"ContainerID": task.container_id, "ExitCode": task.exit_code or 0}
    status["PortStatus"] = _ports(task.held)
    return {
        "ID": task.id,
        "Version": {"Index": task.version},
        "CreatedAt": timestamp(task.created_on),
        "UpdatedAt": timestamp(task.since),
        "Name": cluster.task_name(task),
        "Labels": {},
        "Spec": _template(task.template),
        "ServiceID": task.service_id,
        **({"Slot": task.slot} if task.slot else {}),
        "NodeID": task.node_id,
        "Status": status,
        "DesiredState": str(task.desired),
        "NetworksAttachments": [
            {"Network": {"Spec": {"Name": network}}, "Addresses": [address]}
            for network, address in task.addresses.items()
        ],
    }


def node_object(cluster: Cluster, node: Node) -> Object:
    """One virtual node."""
    found: Object = {
        "ID": node.id,
        "Version": {"Index": 1},
        "CreatedAt": timestamp(node.created_at),
        "UpdatedAt": timestamp(node.updated_at),
        "Spec": {"Labels": dict(sorted(node.labels.items())), "Role": node.role, "Availability": node.availability},
        "Description": {
            "Hostname": node.hostname,
            "Platform": {"Architecture": node.arch, "OS": node.os},
            "Resources": {"NanoCPUs": node.nano_cpus, "MemoryBytes": node.memory},
            "Engine": {
                **({"EngineVersion": node.engine_version} if node.engine_version else {}),
                "Labels": dict(sorted(node.engine_labels.items())),
            },
        },
        "Status": {"State": "ready" if node.ready else "down", "Addr": node.address},
    }
    if node.generic:
        found["Description"]["Resources"]["GenericResources"] = [
            {"DiscreteResourceSpec": {"Kind": kind, "Value": count}} for kind, count in node.generic
        ]
    if node.role == "manager":
        reachable = "reachable" if manager_status(cluster, node) != "unreachable" else "unreachable"
        lead = {"Leader": True} if node is leader(cluster) else {}
        found["ManagerStatus"] = {**lead, "Reachability": reachable, "Addr": f"{node.address}:2377"}
    return found
