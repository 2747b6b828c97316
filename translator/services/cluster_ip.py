"""Services inside the cluster: the DNS names under which a service's peers reach it."""

from collections.abc import Iterator

from stackferry.grammar.compose.model.model import Service
from stackferry.translator.manifest.labels import of_service
from stackferry.translator.manifest.manifests import Body, Manifest, manifest
from stackferry.translator.services.ports import Listening
from stackferry.translator.stack import Stack


def to_services(service: Service, ports: tuple[Listening, ...], stack: Stack) -> Iterator[Manifest]:
    """The Service of the service's own name, and one for each further name that it answers to."""
    if service.network_mode == "none" or stack.owner(service) is not service:
        return
    name = stack.name(service)
    yield _service(service, name, ports, stack)
    for alias in stack.naming.aliases.get(service.name, ()):
        yield _service(service, alias, ports, stack)


def is_headless(service: Service, ports: tuple[Listening, ...]) -> bool:
    """Whether the name leads to the pods themselves.

    Most compose services publish nothing and are still called by name, on ports that only their peers
    know: a headless Service passes every port. `dnsrr` asks for the same.
    """
    return not ports or (service.deploy is not None and service.deploy.endpoint_mode == "dnsrr")


def _service(service: Service, name: str, ports: tuple[Listening, ...], stack: Stack) -> Manifest:
    spec: Body = {"type": "ClusterIP"}
    if is_headless(service, ports):
        # Compose's DNS answers for a container from its start, healthy or not.
        spec = {"clusterIP": "None", "publishNotReadyAddresses": True}
    spec["selector"] = stack.selector(service)
    if ports:
        spec["ports"] = [port.of_service() for port in ports]
    labels = of_service(stack.project.name, stack.name(service))
    return manifest("Service", name, stack.options.namespace, labels, {"spec": spec})
