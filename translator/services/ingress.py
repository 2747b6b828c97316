"""Ingresses: one per HTTP entrance. An Ingress has no ports, so a host name tells services apart.

If no label gives the name, it is `<service>.<project>.test`: names below `.test` belong to nobody (RFC 6761).
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from stackferry.translator.manifest.labels import of_service
from stackferry.translator.manifest.manifests import Body, Manifest, manifest
from stackferry.translator.manifest.names import dns_label
from stackferry.translator.notes import Notes
from stackferry.translator.services.doors import NODE, Door
from stackferry.translator.services.http_entrances import Entrance
from stackferry.translator.services.load_balancer import UNTRIED
from stackferry.translator.stack import Stack


def to_ingresses(entrances: Sequence[Entrance], stack: Stack, notes: Notes, doors: list[Door]) -> Iterator[Manifest]:
    """An Ingress for each entrance."""
    seen: set[str] = set()
    for entrance in entrances:
        found = entrance if entrance.hosts else replace(entrance, hosts=(_host(entrance, seen, stack),))
        for host in found.hosts:
            text = f"http://{host}{found.path} (let {host} lead to the ingress controller: {NODE} on a minikube)"
            doors.append(Door(entrance.service, entrance.number, "TCP", text))
        for path in entrance.paths:
            message = f"by an Ingress, as {', '.join(found.hosts)}{UNTRIED}"
            hint = "the cluster needs an ingress controller: kubectl get ingressclass"
            notes.approximated(path, "kubernetes-ingress", message, hint)
        yield _ingress(found, stack)


def _host(entrance: Entrance, seen: set[str], stack: Stack) -> str:
    """A host name for a published port: the service's; further ports of the service have their number in it."""
    name = stack.naming.services[entrance.service]
    if entrance.service in seen:
        name = dns_label(f"{name}-{entrance.number}")
    seen.add(entrance.service)
    return f"{name}.{dns_label(stack.project.name or 'stack')}.test"


def _ingress(entrance: Entrance, stack: Stack) -> Manifest:
    backend: Body = {"service": {"name": entrance.backend, "port": {"number": entrance.port}}}
    paths: list[Body] = [{"path": entrance.path, "pathType": "Prefix", "backend": backend}]
    spec: Body = {} if stack.options.ingress_class is None else {"ingressClassName": stack.options.ingress_class}
    spec["rules"] = [{"host": host, "http": {"paths": paths}} for host in entrance.hosts]
    labels = of_service(stack.project.name, stack.naming.services[entrance.service])
    return manifest("Ingress", entrance.name, stack.options.namespace, labels, {"spec": spec})
