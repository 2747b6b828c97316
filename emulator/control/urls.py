"""Where published ports can be reached: one line per port, shown at the end of `up`."""

from collections.abc import Iterable, Iterator

from stackferry.emulator.cluster.objects import Cluster, Service
from stackferry.emulator.cluster.spec import PublishedPort
from stackferry.emulator.cluster.state import TaskState
from stackferry.emulator.control.host_ports import ALL, ALL6, EVERYWHERE, is_lone

_HERE = "127.0.0.1"
_HERE6 = "::1"


def urls(services: Iterable[Service], cluster: Cluster, machine: str = "") -> Iterator[str]:
    """`web: http://127.0.0.1:8080` for TCP, the bare address for other protocols; also for ports that we chose.

    With several nodes, host-mode ports are at the address of each node that has a task. `machine`: the host of a remote
    engine; what is bound to a loopback address there can be reached only from there.
    """
    for service in services:
        nodes = _addresses(service, cluster)
        for port in service.ports:
            for address in _of_port(port, nodes, machine or _HERE) if port.published else ():
                before = "http://" if port.protocol == "tcp" else f"{port.protocol} "
                host = f"[{address}]" if ":" in address else address
                yield f"{service.spec.name}: {before}{host}:{port.published}{_away(address, machine)}"


def _addresses(service: Service, cluster: Cluster) -> list[str]:
    if is_lone(cluster.nodes.values()):
        return []
    running = {one.node_id for one in cluster.tasks_of(service.id) if one.state == TaskState.RUNNING}
    return [node.address for node in cluster.nodes.values() if node.id in running]


def _of_port(port: PublishedPort, nodes: list[str], here: str) -> list[str]:
    if port.mode == "host" and nodes and port.host_ip in EVERYWHERE:
        return nodes
    if port.host_ip in ALL6:
        return [_HERE6 if here == _HERE else here]
    return [here if port.host_ip in ALL else port.host_ip]


def _away(address: str, machine: str) -> str:
    return f" (only on {machine})" if machine and address.startswith("127.") else ""
