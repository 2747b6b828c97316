"""Gateway API: one Gateway per stack with a listener per published HTTP port, and an HTTPRoute per entrance.

Ports of other protocols stay NodePorts: a Gateway has routes for them only in its experimental channel.
"""

from collections.abc import Iterator, Sequence

from stackferry.translator.manifest.labels import of_project, of_service
from stackferry.translator.manifest.manifests import Body, Manifest, manifest
from stackferry.translator.manifest.names import dns_label
from stackferry.translator.notes import Notes
from stackferry.translator.services.doors import Door
from stackferry.translator.services.http_entrances import Entrance
from stackferry.translator.services.load_balancer import UNTRIED
from stackferry.translator.stack import Stack


def to_gateway(entrances: Sequence[Entrance], stack: Stack, notes: Notes, doors: list[Door]) -> Iterator[Manifest]:
    """The Gateway and its routes; nothing if there is no entrance."""
    if not entrances:
        return
    name = dns_label(stack.project.name or "gateway")
    numbers = dict.fromkeys(entrance.number for entrance in entrances)
    spec: Body = {
        "gatewayClassName": stack.options.gateway_class,
        "listeners": [{"name": f"http-{number}", "port": number, "protocol": "HTTP"} for number in numbers],
    }
    labels = of_project(stack.project.name)
    yield manifest("Gateway", name, stack.options.namespace, labels, {"spec": spec})
    where = f"$(kubectl get gateway{stack.options.in_namespace} {name} -o jsonpath='{{.status.addresses[0].value}}')"
    for entrance in entrances:
        doors += _doors(entrance, where)
        for path in entrance.paths:
            message = f"port {entrance.number} of the Gateway {name}{UNTRIED}"
            hint = f"the cluster needs a GatewayClass {stack.options.gateway_class}: kubectl get gatewayclass"
            notes.approximated(path, "kubernetes-gateway", message, hint)
        yield _route(entrance, name, stack)


def _route(entrance: Entrance, gateway: str, stack: Stack) -> Manifest:
    spec: Body = {"parentRefs": [{"name": gateway, "sectionName": f"http-{entrance.number}"}]}
    if entrance.hosts:
        spec["hostnames"] = list(entrance.hosts)
    match: Body = {"path": {"type": "PathPrefix", "value": entrance.path}}
    spec["rules"] = [{"matches": [match], "backendRefs": [{"name": entrance.backend, "port": entrance.port}]}]
    labels = of_service(stack.project.name, stack.naming.services[entrance.service])
    return manifest("HTTPRoute", entrance.name, stack.options.namespace, labels, {"spec": spec})


def _doors(entrance: Entrance, where: str) -> Iterator[Door]:
    for host in entrance.hosts:
        text = f"http://{host}{entrance.path} (let {host} lead to {where})"
        yield Door(entrance.service, entrance.number, "TCP", text)
    if not entrance.hosts:
        yield Door(entrance.service, entrance.number, "TCP", f"http://{where}:{entrance.number}")
