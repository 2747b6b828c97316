"""`scale`: other numbers of tasks for services, of one stack after the other, in its store."""

import time
from collections.abc import Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from stackferry.grammar.diagnostics import StackferryError
from stackferry.lookup.lookup import by_stack, find_service
from stackferry.lookup.stacks import Found, change
from stackferry.session import Session

if TYPE_CHECKING:
    from stackferry.emulator.cluster.objects import Cluster, Service


class Scaled(NamedTuple):
    """A stack as it was written, and the full names of the services that were meant, each with its number."""

    found: Found
    replicas: tuple[tuple[str, int], ...]


class Scaling:
    """Services that are to be scaled: the numbers by the words of the command line that mean them.

    `missing` is whether a word means none, which is reported; as in docker, the others are scaled all the same.
    """

    def __init__(self, session: Session, replicas: Mapping[str, int]) -> None:
        self.session = session
        self.missing = False
        self._found: list[tuple[Found, Service]] = []
        self._numbers: dict[str, int] = {}
        for word, count in replicas.items():
            try:
                match = find_service(session, word)
            except StackferryError as error:
                session.fail(error, str(error), error.hint)
                self.missing = True
            else:
                self._found.append(match)
                self._numbers[match[1].id] = count

    def stacks(self) -> Iterator[Scaled]:
        """Scale those of one stack, and give it, before those of the next are."""
        for members in by_stack(self._found).values():
            here = {service.id: self._numbers[service.id] for _, service in members}
            found = change(self.session, members[0][0], partial(scaled, here, time.time()))
            yield Scaled(found, tuple((service.spec.name, here[service.id]) for _, service in members))


def scaled(replicas: Mapping[str, int], now: float, cluster: "Cluster") -> "Cluster":
    """The cluster with so many tasks of services, by their ids. Raises StackferryError for one that has no number."""
    from stackferry.emulator.control.change import scale_service

    for service_id, count in replicas.items():
        cluster = scale_service(cluster, service_id, count, now)
    return cluster
