"""Ranges of ports that are too many for a Service: neither listed nor published, and told of once a range.

Loading makes a port of each number of `1-65535:1-65535`. A Service with as many is 15 MB, which no API server takes;
a cluster has 2,768 node ports to give away. Runs before the ports of a service are looked at one by one.
"""

from collections.abc import Container, Iterable

from stackferry.grammar.compose.model.model import Service
from stackferry.grammar.source import Span
from stackferry.translator.notes import Notes, Path
from stackferry.translator.services.ports import MOST_PORTS
from stackferry.translator.stack import Stack

MOST_PUBLISHED = 100
"""Ports of one service that are published."""
LONGEST_PUBLISHED = 50
"""Ports of one range that are published."""


def left_out(service: Service, stack: Stack, notes: Notes) -> tuple[frozenset[int], Iterable[Path]]:
    """The indexes of the ports that are not listed, and the paths of those about which another of the range says all.

    Short ranges come first, so that a long one does not take their place.
    """
    if len(service.ports) <= MOST_PORTS:
        return frozenset(), ()
    left = MOST_PORTS
    found: set[int] = set()
    silent: list[Path] = []
    top: Path = ("services", service.name, "ports")
    for run in sorted(_runs(service, stack), key=len):
        if len(run) <= left:
            left -= len(run)
            continue
        found.update(run)
        silent += [(*top, index) for index in run[1:]]
        notes.action(
            (*top, run[0]),
            "kubernetes-port-range",
            f"{len(run):,} ports, and a Service lists {MOST_PORTS:,} at most: neither listed nor published",
            "publish the ports that the outside needs, or run it with network_mode: host",
        )
    return frozenset(found), silent


def unpublished(
    service: Service, left: Container[int], stack: Stack, notes: Notes
) -> tuple[frozenset[int], Iterable[Path]]:
    """The indexes of ports that are too many to publish, as `left_out` gives them; `left` are those it gave.

    A cluster has 2,768 node ports for all its stacks together, and a Service that finds none left is refused.
    """
    room = MOST_PUBLISHED
    found: set[int] = set()
    silent: list[Path] = []
    top: Path = ("services", service.name, "ports")
    for run in sorted(_runs(service, stack), key=len):
        if any(index in left for index in run):
            continue
        if len(run) <= min(room, LONGEST_PUBLISHED):
            room -= len(run)
            continue
        found.update(run)
        silent += [(*top, index) for index in run[1:]]
        most = f"a range of {LONGEST_PUBLISHED}" if len(run) > LONGEST_PUBLISHED else f"{MOST_PUBLISHED} of a service"
        notes.action(
            (*top, run[0]),
            "kubernetes-many-ports",
            f"{len(run):,} ports, and no more than {most} are published: a cluster has 2,768 for all its stacks",
            "publish the ports that the outside needs, or run it with network_mode: host",
        )
    return frozenset(found), silent


def _runs(service: Service, stack: Stack) -> Iterable[list[int]]:
    """The indexes of the ports, those together that were written at one place: as a range."""
    runs: dict[Span | None, list[int]] = {}
    for index in range(len(service.ports)):
        place = stack.options.origin(("services", service.name, "ports", index))
        runs.setdefault(place, []).append(index)
    return runs.values()
