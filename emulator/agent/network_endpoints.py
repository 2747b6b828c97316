"""The network endpoints of a container, as the engine's API takes them.

Part of `create_request.py`. Engines before API 1.44 take one network when a container is created, so the agent
connects it to the others before its start.
"""

from collections.abc import Iterator, Mapping

from stackferry.emulator.cluster.container import ContainerSpec, NetworkAttachmentSpec
from stackferry.emulator.cluster.objects import Cluster, Task


def connections(cluster: Cluster, task: Task) -> list[tuple[str, dict[str, object]]]:
    """(network, endpoint body) for the networks that a task's container is connected to after its creation."""
    return _endpoints(cluster, task)[1:]


def cut_off(cluster: Cluster, task: Task) -> list[tuple[str, dict[str, object]]]:
    """The same for the networks that it was disconnected from, with its former address there."""
    found = [(network, body) for network, body in _endpoints(cluster, task) if network in task.cut]
    return [(network, addressed(body, task.cut[network])) for network, body in found]


def _endpoints(cluster: Cluster, task: Task) -> list[tuple[str, dict[str, object]]]:
    spec = task.template.container
    service = cluster.services[task.service_id].spec.name
    legs = spec.networks if isinstance(spec, ContainerSpec) else ()
    return [(leg.network, endpoint(leg, service)) for leg in legs]


def addressed(body: Mapping[str, object], address: str) -> dict[str, object]:
    """An endpoint with the given address, unless it has one; an empty address adds none."""
    asked = body.get("IPAMConfig")
    config = dict(asked) if isinstance(asked, Mapping) else {}
    if address:
        config.setdefault("IPv4Address", address)
    else:
        config.pop("IPv4Address", None)
    return {key: value for key, value in {**body, "IPAMConfig": config}.items() if value}


def endpoint(leg: NetworkAttachmentSpec, service: str) -> dict[str, object]:
    """The engine's EndpointSettings of one network attachment; `service` is the name of the swarm service."""
    addresses = {
        "IPv4Address": leg.ipv4_address,
        "IPv6Address": leg.ipv6_address,
        "LinkLocalIPs": list(leg.link_local_ips),
    }
    body = {
        "Aliases": list(dict.fromkeys(_names(leg, service))),
        "IPAMConfig": {key: value for key, value in addresses.items() if value},
        "MacAddress": leg.mac_address,
        "DriverOpts": dict(leg.driver_opts),
        "Links": list(leg.links),
        "GwPriority": leg.gw_priority,
    }
    return {key: value for key, value in body.items() if value}


def _names(leg: NetworkAttachmentSpec, service: str) -> Iterator[str]:
    """A swarm knows a service by its aliases and its full name, and its tasks by `tasks.` in front of any of them."""
    yield from (*leg.aliases, service)
    yield from (f"tasks.{name}" for name in (*leg.aliases, service))


def shares_network(spec: ContainerSpec) -> bool:
    """Whether the container uses another container's network namespace; only that other one can expose ports."""
    return spec.network_mode.startswith(("service:", "container:"))
