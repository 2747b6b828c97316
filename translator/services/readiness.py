"""The Service that resolves to ready pods only: `<name>-ready`, for pods that wait until a service is healthy.

The other Services of the stack include a pod from its start, as compose's DNS does. This one is headless, so its name
resolves exactly while a pod is ready.
"""

from stackferry.grammar.compose.model.model import Service
from stackferry.translator.manifest.labels import of_service
from stackferry.translator.manifest.manifests import Body, Manifest, manifest
from stackferry.translator.services.ports import Listening
from stackferry.translator.stack import Stack


def to_ready(service: Service, ports: tuple[Listening, ...], stack: Stack) -> Manifest:
    """The Service of the ready pods in which `service` runs."""
    spec: Body = {"clusterIP": "None", "selector": stack.selector(service)}
    if ports:
        spec["ports"] = [port.of_service() for port in ports]
    labels = of_service(stack.project.name, stack.name(service))
    return manifest("Service", stack.naming.ready[service.name], stack.options.namespace, labels, {"spec": spec})


def tcp_ports(ports: tuple[Listening, ...]) -> tuple[int, ...]:
    """The numbers of the TCP ports."""
    return tuple(port.number for port in ports if port.protocol == "TCP")
