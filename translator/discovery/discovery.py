"""Everything that `discovery/` finds out about a stack, once for all passes: the ports of services, who calls whom.

The sources are in order of precedence: ports that a Dockerfile or an image exposes, ports that peers call, ports that a
service itself names. A port found by several sources keeps the description of the first.
"""

from collections.abc import Iterable, Iterator, Mapping

from stackferry.grammar.compose.model.model import Project, Service
from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.translator.discovery.callers import Callers, Names, find_callers, host_names
from stackferry.translator.discovery.dockerfile_ports import ports_of_build
from stackferry.translator.discovery.image_ports import ports_of_image
from stackferry.translator.discovery.known_port import KnownPort
from stackferry.translator.discovery.own_ports import ports_of_itself
from stackferry.translator.discovery.rings import rings
from stackferry.translator.discovery.texts import Texts
from stackferry.translator.host import Host

MOST_KNOWN = 50
"""Ports of one service that are taken over from other sources: a larger number of them are data, not addresses."""


@dataclass(frozen=True, slots=True)
class Discovery:
    """`ports` of each service besides those that the file lists, by service name; `callers` say which services name it.

    `rings` are the services that may need themselves.
    """

    ports: Mapping[str, tuple[KnownPort, ...]]
    callers: Callers
    rings: frozenset[str]


def discover(project: Project, labels: Mapping[str, str], host: Host) -> Discovery:
    """Look at the whole stack. `labels` are the services' Kubernetes names."""
    names = Names(host_names(project, labels), network_names(project))
    callers = find_callers(project, names, Texts(project, host))
    return Discovery(
        {name: _first(_sources(service, callers, host)) for name, service in project.services.items()},
        callers,
        rings(callers.by),
    )


def network_names(project: Project) -> frozenset[str]:
    """The names that may follow a service's name in compose's DNS."""
    found = {name for key, network in project.networks.items() for name in (key, network.name) if name}
    return frozenset((*found, f"{project.name}_default"))


def _sources(service: Service, callers: Callers, host: Host) -> Iterator[KnownPort]:
    yield from ports_of_build(service, host)
    yield from callers.ports.get(service.name, ())
    yield from ports_of_itself(service, host)
    if service.image is not None and service.build is None:
        yield from ports_of_image(service.image)


def _first(ports: Iterable[KnownPort]) -> tuple[KnownPort, ...]:
    found: dict[tuple[int, str], KnownPort] = {}
    for port in ports:
        found.setdefault((port.number, port.protocol), port)
    return tuple(found.values())[:MOST_KNOWN]
