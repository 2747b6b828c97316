"""What a Gateway or an Ingress carries: published ports that speak HTTP, and the routes from proxy labels."""

from collections.abc import Iterator, Mapping

from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.translator.manifest.names import dns_label
from stackferry.translator.notes import Path
from stackferry.translator.services.ports import Listening
from stackferry.translator.services.protocols import looks_like_http
from stackferry.translator.services.published import Published
from stackferry.translator.services.routes import Route
from stackferry.translator.stack import Stack

WEB = 80
"""The port at which requests for routes from proxy labels arrive."""


@dataclass(frozen=True, slots=True)
class Entrance:
    """Requests on port `number` for `hosts` (none: for all) below `path` go to `port` of the Service `backend`.

    `name` is the name of its object; `paths` are the keys that ask for it.
    """

    service: str
    name: str
    number: int
    hosts: tuple[str, ...]
    path: str
    backend: str
    port: int
    paths: tuple[Path, ...]


def speaks_http(port: Published) -> bool:
    """Whether an HTTP route can carry the port."""
    return looks_like_http(port.target.number, port.target.protocol, port.target.app_protocol)


def http_entrances(
    published: Mapping[str, list[Published]],
    routes: Mapping[str, list[Route]],
    ports: Mapping[str, tuple[Listening, ...]],
    stack: Stack,
) -> Iterator[Entrance]:
    """All entrances of a stack, in the order of its services."""
    for name, found in published.items():
        label, outside = stack.naming.services[name], stack.naming.published[name]
        for port in filter(speaks_http, found):
            yield Entrance(
                name, dns_label(f"{label}-{port.number}"), port.number, (), "/", outside, port.number, (port.path,)
            )
        for index, route in enumerate(routes.get(name, ())):
            target = route.port or next((port.number for port in ports[name] if port.protocol == "TCP"), None)
            if target is not None and any(port.number == target for port in ports[name]):
                called = dns_label(f"{label}-route" if index == 0 else f"{label}-route-{index + 1}")
                yield Entrance(name, called, WEB, route.hosts, route.path, label, target, route.paths)
