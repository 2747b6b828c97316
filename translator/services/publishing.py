"""Publishes ports in the way that the caller chose: NodePort, LoadBalancer, Gateway or Ingress."""

from collections.abc import Iterator, Mapping, Sequence

from stackferry.translator.manifest.manifests import Manifest
from stackferry.translator.notes import Notes
from stackferry.translator.services.doors import Door
from stackferry.translator.services.gateway import to_gateway
from stackferry.translator.services.http_entrances import Entrance, http_entrances, speaks_http
from stackferry.translator.services.ingress import to_ingresses
from stackferry.translator.services.load_balancer import to_load_balancer
from stackferry.translator.services.node_port import to_node_ports, to_published
from stackferry.translator.services.ports import Listening
from stackferry.translator.services.published import Published
from stackferry.translator.services.routes import routes_of
from stackferry.translator.stack import Stack

_BY_ROUTES = {"gateway": to_gateway, "ingress": to_ingresses}


def entrances_of(
    published: Mapping[str, list[Published]], ports: Mapping[str, tuple[Listening, ...]], stack: Stack
) -> tuple[Entrance, ...] | None:
    """The entrances for HTTP routes; None if the way of publishing has no routes."""
    if stack.options.publish not in _BY_ROUTES:
        return None
    return tuple(http_entrances(published, routes_of(stack.project), ports, stack))


def to_doors(
    published: Mapping[str, list[Published]],
    entrances: tuple[Entrance, ...] | None,
    stack: Stack,
    notes: Notes,
    doors: list[Door],
) -> Iterator[tuple[Manifest, str]]:
    """Each object with its service, empty if it belongs to the stack. `doors` gets how each port is reached."""
    taken: set[tuple[int, str]] = set()
    for name, found in published.items():
        made = _published(found, taken, stack, notes, doors)
        if made is not None:
            yield made, name
    if entrances is not None:
        for made in _BY_ROUTES[stack.options.publish](entrances, stack, notes, doors):
            yield made, ""


def _published(
    found: Sequence[Published], taken: set[tuple[int, str]], stack: Stack, notes: Notes, doors: list[Door]
) -> Manifest | None:
    if stack.options.publish == "loadbalancer":
        return to_load_balancer(found, stack, notes, doors)
    if stack.options.publish == "nodeport":
        return to_node_ports(found, taken, stack, notes, doors)
    by_route = frozenset(port.index for port in found if speaks_http(port))
    if found and len(by_route) == len(found):
        return to_published("ClusterIP", [port.of_service() for port in found], found[0], stack)
    for port in found:
        if port.index not in by_route:
            message = "a NodePort: it cannot be routed, because its number or protocol is not that of HTTP"
            notes.approximated(port.path, "kubernetes-no-route", message)
    return to_node_ports(found, taken, stack, notes, doors, by_route)
