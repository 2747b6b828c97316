"""`scale`: changes the number of replicas of services in their stacks' stores, one stack after the other."""

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
    """A stack as it was written, and the full names of the scaled services with their numbers of replicas."""

    found: Found
    replicas: tuple[tuple[str, int], ...]


class Scaling:
    """Services to scale: numbers of replicas by the names on the command line.

    `missing`: a name matches no service, which is reported; as in docker, the others are scaled nevertheless.
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
        """Scale the services of one stack and yield it, then go on with the next stack."""
        for members in by_stack(self._found).values():
            here = {service.id: self._numbers[service.id] for _, service in members}
            found = change(self.session, members[0][0], partial(scaled, here, time.time()))
            yield Scaled(found, tuple((service.spec.name, here[service.id]) for _, service in members))


def scaled(replicas: Mapping[str, int], now: float, cluster: "Cluster") -> "Cluster":
    """The cluster with new numbers of replicas by service id. Raises StackferryError for a service without replicas."""
    from stackferry.emulator.control.change import scale_service

    for service_id, count in replicas.items():
        cluster = scale_service(cluster, service_id, count, now)
    return cluster
