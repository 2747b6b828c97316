"""`stackferry scale`, `rollback` and the same in docker's words: one change in the store, then wait for it."""

from typing import TYPE_CHECKING, Annotated

from stackferry.options.common import Detach, Silent
from stackferry.options.declaration import Argument, Option, WrongValueError
from stackferry.options.own_letters import verb
from stackferry.session import Session

if TYPE_CHECKING:
    from collections.abc import Mapping

    from stackferry.emulator.cluster.objects import Cluster


@verb
def scale(
    session: Session,
    asked: Annotated[list[str], Argument(metavar="SERVICE=REPLICAS...")],
    detach: Detach = False,
    _no_deps: Annotated[bool, Option("--no-deps", help="Accepted; dependencies are never scaled.")] = False,
) -> int:
    """Change the number of replicas of services."""
    import time
    from functools import partial

    from stackferry.grammar.diagnostics import StackferryError
    from stackferry.lookup.lookup import by_stack, find_service
    from stackferry.lookup.stacks import change
    from stackferry.up.wait import converge

    found, numbers, code = [], {}, 0
    for word, count in dict(_replicas(one) for one in asked).items():
        # As docker: those that are known are scaled all the same.
        try:
            match = find_service(session, word)
        except StackferryError as error:
            session.fail(error, str(error), error.hint)
            code = 1
        else:
            found.append(match)
            numbers[match[1].id] = count
    for members in by_stack(found).values():
        here = {service.id: numbers[service.id] for _, service in members}
        changed = change(session, members[0][0], partial(_scaled, here, time.time()))
        for _, service in members:
            print(f"{service.spec.name} scaled to {here[service.id]}")
        code |= converge(session, changed, [service.spec.name for _, service in members], detach=detach)
    return code


def _scaled(counts: "Mapping[str, int]", now: float, cluster: "Cluster") -> "Cluster":
    from stackferry.emulator.control.change import scale_service

    for service_id, count in counts.items():
        cluster = scale_service(cluster, service_id, count, now)
    return cluster


def _replicas(text: str) -> tuple[str, int]:
    name, found, count = text.partition("=")
    if not found or not name:
        raise WrongValueError(f"invalid scale specifier '{text}'. Use SERVICE=REPLICAS", option="SERVICE")
    if not count.isdecimal():
        raise WrongValueError(f"{name}: invalid replicas value {count}", option="SERVICE")
    return name, int(count)


@verb
def rollback(
    session: Session,
    service: Annotated[str, Argument(metavar="SERVICE")],
    detach: Detach = False,
    quiet: Silent = False,
) -> int:
    """Roll a service back to its previous version."""
    import time

    from stackferry.emulator.control.change import rollback_service
    from stackferry.lookup.lookup import find_service
    from stackferry.lookup.stacks import change
    from stackferry.up.wait import converge

    found, current = find_service(session, service)
    found = change(session, found, lambda cluster: rollback_service(cluster, current.id, time.time()))
    print(service)
    return converge(session, found, [current.spec.name], detach=detach, quiet=quiet)
