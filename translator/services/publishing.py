"""All that is published, in the way that the caller chose: NodePort, LoadBalancer, Gateway or Ingress."""

from collections.abc import Iterator, Mapping, Sequence

from stackferry.translator.manifest.manifests import Manifest
from stackferry.translator.notes import Notes, Path
from stackferry.translator.services.doors import Door
from stackferry.translator.services.gateway import to_gateway
from stackferry.translator.services.http_entrances import http_entrances, speaks_http
from stackferry.translator.services.ingress import to_ingresses
from stackferry.translator.services.load_balancer import to_load_balancer
from stackferry.translator.services.node_port import to_node_ports, to_published
from stackferry.translator.services.ports import Listening
from stackferry.translator.services.published import Published
from stackferry.translator.services.routes import routes_of
from stackferry.translator.stack import Stack

_BY_ROUTES = {"gateway": to_gateway, "ingress": to_ingresses}


def to_doors(
    published: Mapping[str, list[Published]],
    ports: Mapping[str, tuple[Listening, ...]],
    stack: Stack,
    notes: Notes,
    doors: list[Door],
) -> Iterator[tuple[Manifest, str]]:
    """Each object with the service it is for, empty if it is for the stack. Who reaches what goes to `doors`."""
    taken: set[tuple[int, str]] = set()
    for name, found in published.items():
        made = _published(found, taken, stack, notes, doors)
        if made is not None:
            yield made, name
    to_routes = _BY_ROUTES.get(stack.options.publish)
    if to_routes is not None:
        entrances = tuple(http_entrances(published, routes_of(stack.project), ports, stack))
        for made in to_routes(entrances, stack, notes, doors):
            yield made, ""


def routed(
    published: Mapping[str, list[Published]], ports: Mapping[str, tuple[Listening, ...]], stack: Stack
) -> frozenset[Path] | None:
    """The keys of proxies' labels of which a route is made; None if none could be."""
    if stack.options.publish not in _BY_ROUTES:
        return None
    entrances = http_entrances(published, routes_of(stack.project), ports, stack)
    return frozenset(path for entrance in entrances for path in entrance.paths)


def routed_ports(
    published: Mapping[str, list[Published]], ports: Mapping[str, tuple[Listening, ...]], stack: Stack
) -> Iterator[tuple[str, int]]:
    """The services that are reached by host name, with the port of each."""
    if stack.options.publish in _BY_ROUTES:
        for entrance in http_entrances(published, routes_of(stack.project), ports, stack):
            if entrance.hosts:
                yield entrance.service, entrance.port


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
            message = "no route can carry it, for it is no HTTP by its number or protocol: a NodePort"
            notes.approximated(port.path, "kubernetes-no-route", message)
    return to_node_ports(found, taken, stack, notes, doors, by_route)
