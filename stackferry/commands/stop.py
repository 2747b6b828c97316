"""`stackferry stop`, `start`, `restart`: all tasks of services end, run again, or are replaced."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from stackferry.options.common import Detach, SomeServices
from stackferry.options.own_letters import verb
from stackferry.session import Session

if TYPE_CHECKING:
    from stackferry.emulator.cluster.objects import Cluster
    from stackferry.lookup.stacks import Found

Grace = Annotated[
    float | None, typer.Option("-t", "--timeout", metavar="SECONDS", help="Grace before a task is killed.")
]


@verb
def stop(session: Session, services: SomeServices = None, timeout: Grace = None, detach: Detach = False) -> int:
    """End the tasks of services, all of the stack if none is named. They stay ended until start, up or update."""
    from stackferry.emulator.control.change import stop_service, with_grace

    found, ids, _ = _each(
        session,
        services,
        lambda cluster, service_id: stop_service(with_grace(cluster, service_id, timeout), service_id),
    )
    if not detach:
        _wait_until_ended(found, ids)
    return 0


@verb
def start(session: Session, services: SomeServices = None, detach: Detach = False) -> int:
    """Run stopped services again, all of the stack if none is named."""
    from stackferry.emulator.control.change import start_service
    from stackferry.emulator.control.convergence import STEADY
    from stackferry.up.wait import converge

    found, _, names = _each(session, services, start_service)
    return converge(session, found, names, detach=detach, steady=STEADY)


@verb
def restart(
    session: Session,
    services: SomeServices = None,
    timeout: Grace = None,
    detach: Detach = False,
    _no_deps: Annotated[bool, typer.Option("--no-deps", help="Nothing that depends on them: always so.")] = False,
) -> int:
    """Replace the tasks of services, all of the stack if none is named, in the way of their update_config."""
    import time

    from stackferry.emulator.control.change import force, with_grace
    from stackferry.up.wait import converge

    now = time.time()
    found, _, names = _each(
        session,
        services,
        lambda cluster, service_id: force(with_grace(cluster, service_id, timeout), service_id, now),
    )
    return converge(session, found, names, detach=detach)


def _each(
    session: Session, services: list[str] | None, edit: "Callable[[Cluster, str], Cluster]"
) -> "tuple[Found, Sequence[str], Sequence[str]]":
    """Change the named services in one transaction; gives the stack, and the ids and names of the services."""
    from stackferry.lookup.lookup import of_stack
    from stackferry.lookup.stacks import change

    found, wanted = of_stack(session, services)

    def all_of_them(cluster: "Cluster") -> "Cluster":
        for one in wanted:
            cluster = edit(cluster, one.id)
        return cluster

    change(session, found, all_of_them)
    return found, [one.id for one in wanted], [one.spec.name for one in wanted]


def _wait_until_ended(found: "Found", ids: Sequence[str]) -> None:
    import time

    from stackferry.lookup.stacks import changing

    with changing(found) as store:
        while True:
            if store.written_by_others():
                tasks = store.load().tasks.values()
                # A task that is wanted was not told yet; one that is only created never runs.
                if all(task.ended for task in tasks if task.service_id in ids and (task.wanted or task.container_id)):
                    return
            time.sleep(0.05)
