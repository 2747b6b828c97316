"""Where ports of `mode: host` are bound. Pure; for `agent/create_request.py`, deployments and their messages.

With one node, ports are bound as docker binds them: on all addresses, or on the file's `host_ip`. Several virtual
nodes share one machine, so each binds on its own loopback address, and a port can be held once on each.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping

from stackferry.emulator.cluster.objects import Node, Service
from stackferry.emulator.cluster.spec import PublishedPort

ALL = ("", "0.0.0.0")  # noqa: S104 - read, not bound
ALL6 = ("::", "[::]")
"""All addresses of IPv6 alone."""
EVERYWHERE = (*ALL, *ALL6)
"""What a file may write for "on all addresses"."""


def bound_at(port: PublishedPort, node: Node, nodes: Collection[Node]) -> str:
    """The address to ask the engine for; empty means all addresses."""
    if port.host_ip not in EVERYWHERE or is_lone(nodes):
        return port.host_ip
    return node.address


def is_lone(nodes: Iterable[Node]) -> bool:
    """Whether a single node has the whole machine."""
    return sum(not node.leaving for node in nodes) == 1


def rebound(before: Mapping[str, Node], after: Mapping[str, Node], services: Iterable[Service]) -> Iterator[str]:
    """Names of services whose tasks hold a port at an address that is wrong with the new nodes.

    A task that holds a port on all addresses would keep it from the tasks of all other nodes.
    """
    if not before or is_lone(before.values()) == is_lone(after.values()):
        return
    for service in services:
        if any(one.mode == "host" and one.host_ip in EVERYWHERE for one in service.spec.endpoint.ports):
            yield service.spec.name
