"""Where ports of `mode: host` are bound. Pure; for `agent/create_request.py`, deployments and what they tell.

With one node they are bound as docker binds them: on all addresses, or on the file's `host_ip`. Several virtual nodes
share one machine, so each binds on the loopback address of its own, and a port can be held once on each.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping

from stackferry.emulator.cluster.objects import Node, Service
from stackferry.emulator.cluster.spec import PublishedPort

ALL = ("", "0.0.0.0")  # noqa: S104 - read, not bound
ALL6 = ("::", "[::]")
"""Those of IPv6 alone."""
EVERYWHERE = (*ALL, *ALL6)
"""What a file writes for "on all addresses"."""


def bound_at(port: PublishedPort, node: Node, nodes: Collection[Node]) -> str:
    """The address that the engine is asked for; an empty one is all of them."""
    if port.host_ip not in EVERYWHERE or is_lone(nodes):
        return port.host_ip
    return node.address


def is_lone(nodes: Iterable[Node]) -> bool:
    """Whether all of the machine is one node."""
    return sum(not node.leaving for node in nodes) == 1


def rebound(before: Mapping[str, Node], after: Mapping[str, Node], services: Iterable[Service]) -> Iterator[str]:
    """Names of services whose tasks hold a port at an address that is not theirs with the new nodes.

    One that holds a port on all addresses would keep it from the tasks of every other node.
    """
    if not before or is_lone(before.values()) == is_lone(after.values()):
        return
    for service in services:
        if any(one.mode == "host" and one.host_ip in EVERYWHERE for one in service.spec.endpoint.ports):
            yield service.spec.name
