"""All ports of a stack: the ports listened on, the published ones, and the Services of both. Entry of this package."""

from collections.abc import Iterator
from dataclasses import field, replace
from functools import partial

from stackferry.grammar.compose.model.model import Service
from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.translator.manifest.manifests import Manifest
from stackferry.translator.notes import Notes, Path
from stackferry.translator.services.cluster_ip import has_network_of, to_services
from stackferry.translator.services.doors import Door
from stackferry.translator.services.further import to_further_services
from stackferry.translator.services.http_entrances import Entrance
from stackferry.translator.services.port_ranges import left_out, unpublished
from stackferry.translator.services.ports import Listening, listening, note_known, note_protocols
from stackferry.translator.services.published import Published, published
from stackferry.translator.services.publishing import entrances_of, to_doors
from stackferry.translator.sharing import runs_here
from stackferry.translator.stack import Stack
from stackferry.translator.workload import has_name


@dataclass(frozen=True, slots=True)
class Exposure:
    """`ports` are the ports on which each service listens, `published` the published ones, by service name.

    `doors` say how to reach them; `entrances` are carried by Gateway or Ingress, None if there is neither; `routed` are
    the services and ports to which routes from proxy labels lead. `silent` are paths of ports that another port's note
    covers.
    """

    ports: dict[str, tuple[Listening, ...]] = field(default_factory=dict)
    published: dict[str, list[Published]] = field(default_factory=dict)
    doors: list[Door] = field(default_factory=list)
    entrances: tuple[Entrance, ...] | None = None
    routed: frozenset[tuple[str, int]] = frozenset()
    silent: set[Path] = field(default_factory=set)

    @property
    def routed_keys(self) -> frozenset[Path] | None:
        """The keys that became routes; None if none can."""
        if self.entrances is None:
            return None
        return frozenset(path for entrance in self.entrances for path in entrance.paths)


def expose(stack: Stack, notes: Notes) -> Exposure:
    """Look at the ports of every service that runs here."""
    found = Exposure()
    for service in filter(runs_here, stack.project.services.values()):
        unlisted, repeated = left_out(service, stack, notes)
        known = stack.discovery.ports.get(service.name, ())
        found.ports[service.name] = ports = listening(service, notes, unlisted, known)
        if not has_name(service, stack):
            continue
        note_known(service, ports, notes)
        note_protocols(service, ports, notes)
        closed, silent = unpublished(service, unlisted, stack, notes)
        found.silent.update(repeated, silent)
        found.published[service.name], doors = published(service, ports, stack, notes, unlisted | closed)
        found.doors.extend(doors)
    entrances = entrances_of(found.published, found.ports, stack)
    routed = frozenset((one.service, one.port) for one in entrances or () if one.hosts)
    return replace(found, entrances=entrances, routed=routed)


Made = Iterator[tuple[Manifest, tuple[tuple[str, str], ...]]]
"""Objects, each with its roles: (role, service)."""


def to_all_services(exposure: Exposure, stack: Stack, notes: Notes) -> Made:
    """Every Service of the stack, and the objects that expose it."""
    for manifest in to_further_services(stack):
        yield manifest, ()
    for manifest, name in to_doors(exposure.published, exposure.entrances, stack, notes, exposure.doors):
        yield manifest, ((("published", name),) if name else ())
    for service in filter(partial(has_name, stack=stack), stack.project.services.values()):
        for index, manifest in enumerate(to_services(service, exposure.ports, stack, notes)):
            yield manifest, (() if index else tuple(("service", name) for name in _called(service, stack)))


def _called(service: Service, stack: Stack) -> Iterator[str]:
    """The services that a service's name reaches: itself, and those that use its network."""
    group = stack.groups[service.name]
    yield service.name
    if service is group.owner:
        yield from (one.name for one in group.members if has_network_of(one, group))
