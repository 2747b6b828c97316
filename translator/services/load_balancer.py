"""`<name>-published` as a LoadBalancer: every published port keeps its number, at an address of its own."""

from collections.abc import Sequence

from stackferry.translator.manifest.manifests import Manifest
from stackferry.translator.notes import Notes
from stackferry.translator.services.doors import Door, address
from stackferry.translator.services.node_port import to_published
from stackferry.translator.services.published import Published
from stackferry.translator.stack import Stack

UNTRIED = "; tested against an API server only, without a controller"
"""The note on objects that need a controller to work."""


def to_load_balancer(published: Sequence[Published], stack: Stack, notes: Notes, doors: list[Door]) -> Manifest | None:
    """The Service, None if nothing is published."""
    if not published:
        return None
    name = stack.naming.published[published[0].service.name]
    within = stack.options.in_namespace
    host = f"$(kubectl get service{within} {name} -o jsonpath='{{.status.loadBalancer.ingress[0].ip}}')"
    for port in published:
        text = address(port.number, port.target.protocol, host, port.target.number)
        doors.append(Door(port.service.name, port.number, port.target.protocol, text))
        message = f"port {port.number} of an address assigned by the cluster's load balancer{UNTRIED}"
        notes.approximated(port.path, "kubernetes-load-balancer", message, "on minikube, run minikube tunnel")
    return to_published("LoadBalancer", [port.of_service() for port in published], published[0], stack)
