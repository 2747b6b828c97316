"""How a container that is no task joins the load-balanced network: it asks a stack's resolver and has no names.

For `run`. The manager owns the gates; this module only looks them up. A container in several networks, or with its own
DNS servers, uses the resolver of tasks of such services; if there are none, that of its first network.
"""

from collections.abc import Callable
from ipaddress import IPv4Address

from stackferry.emulator.cluster.objects import Cluster
from stackferry.emulator.cluster.spec import TaskTemplate
from stackferry.emulator.control.deployment import StackRecord
from stackferry.emulator.engine.protocol import Engine
from stackferry.emulator.webnet.allocation import Asking, asking
from stackferry.emulator.webnet.desired_gates import network_gate
from stackferry.emulator.webnet.discovery import Discovery
from stackferry.emulator.webnet.facts import Facts
from stackferry.emulator.webnet.leg import Leg


def visit(
    engine: Engine, stack: str, cluster: Cluster, record: Callable[[], StackRecord], template: TaskTemplate
) -> Leg:
    """What the container needs. If no gate runs, it uses the engine's resolver."""
    discovery = Discovery(engine, stack, record, lambda: None)
    for name in template.networks:
        gate = engine.inspect(network_gate(stack, name))
        if gate is not None and gate.running:
            discovery.network(name)
    asked = asking(template, discovery.facts)
    resolver = None if asked is None else resolver_for(asked, cluster, discovery.facts)
    return Leg(resolver, frozenset(template.networks))


def resolver_for(asked: Asking, cluster: Cluster, facts: Facts) -> IPv4Address:
    """The address of its resolver."""
    shared = (asked.address(service, facts) for service in cluster.services.values())
    return next((one for one in shared if one is not None), facts.areas[asked.networks[0]].gate)
