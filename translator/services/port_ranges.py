"""Port ranges that are too long for a Service: neither listed nor published, with one note per range.

Loading makes a port of each number of `1-65535:1-65535`. A Service with as many is 15 MB, which no API server accepts;
a cluster has 2,768 node ports. Runs before the ports of a service are looked at one by one.
"""

from collections.abc import Container, Iterable
from itertools import chain

from stackferry.grammar.compose.model.model import Service
from stackferry.grammar.source import Span
from stackferry.translator.notes import Notes, Path
from stackferry.translator.services.ports import MOST_PORTS
from stackferry.translator.stack import Stack

MOST_PUBLISHED = 100
"""The most published ports of one service."""
LONGEST_PUBLISHED = 50
"""The most published ports of one range."""
_HINT = "publish only the ports needed from outside, or run it with network_mode: host"


def left_out(service: Service, stack: Stack, notes: Notes) -> tuple[frozenset[int], Iterable[Path]]:
    """The indexes of the ports not listed, and the paths of those that another port's note covers.

    Short ranges come first, so that a long range does not take their place.
    """
    if len(service.ports) <= MOST_PORTS:
        return frozenset(), ()
    too_many, silent = _too_many(service, _runs(service, stack), MOST_PORTS, MOST_PORTS)
    for run in too_many:
        message = f"{len(run):,} ports, but a Service can list at most {MOST_PORTS:,}: neither listed nor published"
        notes.action((*_ports(service), run[0]), "kubernetes-port-range", message, _HINT)
    return frozenset(chain.from_iterable(too_many)), silent


def unpublished(
    service: Service, left: Container[int], stack: Stack, notes: Notes
) -> tuple[frozenset[int], Iterable[Path]]:
    """The indexes of ports that are too many to publish, as `left_out` gives them; `left` are the indexes it gave.

    A cluster has 2,768 node ports for all its stacks together, and refuses a Service when none is left.
    """
    runs = [run for run in _runs(service, stack) if not any(index in left for index in run)]
    too_many, silent = _too_many(service, runs, MOST_PUBLISHED, LONGEST_PUBLISHED)
    for run in too_many:
        most = f"a range of {LONGEST_PUBLISHED}" if len(run) > LONGEST_PUBLISHED else f"{MOST_PUBLISHED} of a service"
        message = f"{len(run):,} ports, but at most {most} are published: a cluster has 2,768 for all its stacks"
        notes.action((*_ports(service), run[0]), "kubernetes-many-ports", message, _HINT)
    return frozenset(chain.from_iterable(too_many)), silent


def _too_many(
    service: Service, runs: Iterable[list[int]], room: int, longest: int
) -> tuple[list[list[int]], list[Path]]:
    """The runs that are too long or for which there is no room; and the paths of all their ports but the first."""
    found: list[list[int]] = []
    for run in sorted(runs, key=len):
        if len(run) <= min(room, longest):
            room -= len(run)
        else:
            found.append(run)
    return found, [(*_ports(service), index) for run in found for index in run[1:]]


def _ports(service: Service) -> Path:
    return ("services", service.name, "ports")


def _runs(service: Service, stack: Stack) -> Iterable[list[int]]:
    """The indexes of the ports, grouped by the place where they were written: a range is one group."""
    runs: dict[Span | None, list[int]] = {}
    for index in range(len(service.ports)):
        place = stack.options.origin((*_ports(service), index))
        runs.setdefault(place, []).append(index)
    return runs.values()
