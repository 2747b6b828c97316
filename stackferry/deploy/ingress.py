"""Gives services without a network that publish ports a network like a swarm's ingress network.

In a swarm every task of such a service joins `ingress`, through which its ports are published. Here each stack has its
own network for that. A service that publishes nothing is only in the engine's default network.
"""

from dataclasses import replace
from typing import TYPE_CHECKING

from stackferry.deploy.surroundings import refuse_foreign_network
from stackferry.emulator.cluster.container import NetworkAttachmentSpec
from stackferry.emulator.cluster.labels import of_stack
from stackferry.emulator.control.change import with_service
from stackferry.emulator.control.deployment import StackRecord
from stackferry.emulator.desired.networks import NetworkSpec
from stackferry.session import Session

if TYPE_CHECKING:
    from stackferry.emulator.cluster.objects import Cluster
    from stackferry.emulator.cluster.spec import ServiceSpec
    from stackferry.emulator.store.store import Store


def reached(spec: "ServiceSpec", stack: str) -> "ServiceSpec":
    """The service, attached to the network through which its ports are published."""
    container = spec.task.container
    if container is None or container.networks or container.network_mode:
        return spec
    if not any(port.mode == "ingress" for port in spec.endpoint.ports):
        return spec
    name = _network(stack).name
    container = replace(container, networks=(NetworkAttachmentSpec(name),))
    return replace(spec, task=replace(spec.task, container=container, networks=(name,)))


def with_reached(cluster: "Cluster", service_id: str, stack: str) -> "Cluster":
    """The cluster with one service attached to that network, if the service needs it."""
    service = cluster.services[service_id]
    return with_service(cluster, replace(service, spec=reached(service.spec, stack)))


def refuse_foreign_ingress(session: Session, stack: str, spec: "ServiceSpec") -> None:
    """Raises StackferryError if the service needs that network and a foreign network has its name."""
    if reached(spec, stack) is not spec:
        from stackferry.engine import connect

        refuse_foreign_network(connect(session), stack, _network(stack).name)


def record_ingress(store: "Store", stack: str, spec: "ServiceSpec") -> None:
    """Add the network to the stack's record if the service needs it; it is created with the first task."""
    if reached(spec, stack) is spec:
        return
    network = _network(stack)
    with store.transaction():
        record = store.document("stack", StackRecord) or StackRecord(stack)
        if all(one.name != network.name for one in record.networks):
            store.put_document("stack", replace(record, networks=(*record.networks, network)))


def _network(stack: str) -> NetworkSpec:
    return NetworkSpec("ingress", f"{stack}_ingress", labels=of_stack(stack))
