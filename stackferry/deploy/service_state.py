"""`stop`, `start`, `restart`: changes the desired state of a stack's services in one transaction.

Each function returns before any task has ended or started; `up/ended.py` and `up/wait.py` wait for that.
"""

import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from stackferry.emulator.control.change import alone, force, start_service, stop_service, with_grace
from stackferry.lookup.lookup import of_stack
from stackferry.lookup.stacks import Found, change
from stackferry.session import Session

if TYPE_CHECKING:
    from stackferry.emulator.cluster.objects import Cluster, Service

Words = Sequence[str] | None
"""Services as named on the command line; none: all services of the stack."""


class Told(NamedTuple):
    """The stack as it was written, and the ids and full names of the affected services."""

    found: Found
    ids: tuple[str, ...]
    names: tuple[str, ...]


def stop_services(session: Session, words: Words, grace: float | None) -> Told:
    """Stop all tasks; `grace`: seconds until they are killed, None for each service's `stop_grace_period`."""
    return _each(
        session,
        of_stack(session, words),
        lambda cluster, service_id: stop_service(with_grace(cluster, service_id, grace), service_id),
    )


def start_services(session: Session, words: Words) -> Told:
    """Start stopped services and their dependencies again."""
    found, wanted = of_stack(session, words)
    return _each(session, (found, with_dependencies(found.services(), wanted)), start_service)


def restart_services(session: Session, words: Words, grace: float | None, *, followers: bool) -> Told:
    """Replace tasks; with `followers`, also those of services with `depends_on.restart` on these."""
    now = time.time()

    def restarted(cluster: "Cluster", service_id: str) -> "Cluster":
        after = force(with_grace(cluster, service_id, grace), service_id, now)
        return after if followers else alone(after, service_id)

    told = _each(session, of_stack(session, words), restarted)
    return told._replace(names=with_followers(told.found.services(), told.names)) if followers else told


def _each(
    session: Session, meant: "tuple[Found, Sequence[Service]]", edit: "Callable[[Cluster, str], Cluster]"
) -> Told:
    found, wanted = meant

    def all_of_them(cluster: "Cluster") -> "Cluster":
        for service in wanted:
            cluster = edit(cluster, service.id)
        return cluster

    after = change(session, found, all_of_them)
    return Told(after, tuple(one.id for one in wanted), tuple(one.spec.name for one in wanted))


def with_dependencies(known: "Sequence[Service]", wanted: "Sequence[Service]") -> "list[Service]":
    """Services and their dependencies, in the order of the stack."""
    by_name = {one.spec.name: one for one in known}
    names: set[str] = set()
    waiting = [one.spec.name for one in wanted]
    while waiting:
        name = waiting.pop()
        if name in by_name and name not in names:
            names.add(name)
            waiting += by_name[name].spec.depends_on
    return [one for one in known if one.spec.name in names]


def with_followers(known: "Sequence[Service]", names: Sequence[str]) -> tuple[str, ...]:
    """Services and those that are restarted after them, which must be running, too."""
    found = set(names)
    while more := {one.spec.name for one in known if found.intersection(one.spec.follows)} - found:
        found |= more
    return tuple(one.spec.name for one in known if one.spec.name in found)
