"""Where published ports can be reached: one line a port, for the end of `up`."""

from collections.abc import Iterable, Iterator

from emulator.cluster import Cluster, Service
from emulator.spec import PublishedPort
from emulator.state import TaskState

_HERE = "127.0.0.1"


def urls(services: Iterable[Service], cluster: Cluster) -> Iterator[str]:
    """`web: http://127.0.0.1:8080` for TCP, the bare address for the others; also of ports that we chose.

    Ports of nodes are at the address of each node that has a task.
    """
    for service in services:
        nodes = _addresses(service, cluster)
        for port in service.ports:
            for address in _of_port(port, nodes) if port.published else ():
                before = "http://" if port.protocol == "tcp" else f"{port.protocol} "
                yield f"{service.spec.name}: {before}{address}:{port.published}"


def _addresses(service: Service, cluster: Cluster) -> list[str]:
    running = {one.node_id for one in cluster.tasks_of(service.id) if one.state == TaskState.RUNNING}
    return [node.address for node in cluster.nodes.values() if node.id in running]


def _of_port(port: PublishedPort, nodes: list[str]) -> list[str]:
    if port.host_ip:
        return [port.host_ip]
    return nodes if port.mode == "host" and nodes else [_HERE]
