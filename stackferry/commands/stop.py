"""`stackferry stop`, `start`, `restart`: all tasks of services end, run again, or are replaced."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Annotated

from stackferry.options.common import Detach, SomeServices, WaitTimeout
from stackferry.options.declaration import Option
from stackferry.options.own_letters import verb
from stackferry.session import Session

if TYPE_CHECKING:
    from stackferry.emulator.cluster.objects import Cluster, Service
    from stackferry.lookup.stacks import Found

Grace = Annotated[
    float | None, Option("-t", "--timeout", metavar="SECONDS", help="Grace period before a task is killed.")
]


@verb
def stop(session: Session, services: SomeServices = None, timeout: Grace = None, detach: Detach = False) -> int:
    """Stop services.

    Without a service, the whole stack. They stay stopped until `start`, `up` or `update`.
    """
    from stackferry.emulator.control.change import stop_service, with_grace

    found, ids, _ = _each(
        session,
        services,
        lambda cluster, service_id: stop_service(with_grace(cluster, service_id, timeout), service_id),
    )
    if not detach:
        _wait_until_ended(session, found, ids)
    return 0


@verb
def start(
    session: Session,
    services: SomeServices = None,
    detach: Detach = False,
    wait: Annotated[bool, Option("--wait", help="Wait even if -d is given.")] = False,
    wait_timeout: WaitTimeout = None,
) -> int:
    """Start stopped services.

    Without a service, the whole stack; with one, also what it depends on. The exit code is 1 if a service does not
    become healthy or, where it has no health check, does not keep running.
    """
    from stackferry.emulator.control.change import start_service
    from stackferry.emulator.control.convergence import STEADY
    from stackferry.up.wait import converge

    found, _, names = _each(session, services, start_service, needed=True)
    return converge(session, found, names, detach=detach and not wait, steady=STEADY, timeout=wait_timeout)


@verb
def restart(
    session: Session,
    services: SomeServices = None,
    timeout: Grace = None,
    detach: Detach = False,
    no_deps: Annotated[
        bool, Option("--no-deps", help="Do not restart services that depend on them with restart: true.")
    ] = False,
) -> int:
    """Restart services.

    Without a service, the whole stack. Tasks are replaced as the service's update_config says. Services that depend
    on them with `restart: true` are restarted after them.
    """
    import time

    from stackferry.emulator.control.change import alone, force, with_grace
    from stackferry.up.wait import converge

    now = time.time()

    def restarted(cluster: "Cluster", service_id: str) -> "Cluster":
        after = force(with_grace(cluster, service_id, timeout), service_id, now)
        return alone(after, service_id) if no_deps else after

    found, _, names = _each(session, services, restarted)
    if not no_deps:
        names = _with_followers(found.services(), names)
    return converge(session, found, names, detach=detach)


def _each(
    session: Session, services: list[str] | None, edit: "Callable[[Cluster, str], Cluster]", *, needed: bool = False
) -> "tuple[Found, Sequence[str], Sequence[str]]":
    """Change the named services in one transaction; gives the stack, and the ids and names of the services.

    `needed`: what they depend on, too.
    """
    from stackferry.lookup.lookup import of_stack
    from stackferry.lookup.stacks import change

    found, wanted = of_stack(session, services)
    if needed:
        wanted = _with_dependencies(found.services(), wanted)

    def all_of_them(cluster: "Cluster") -> "Cluster":
        for service in wanted:
            cluster = edit(cluster, service.id)
        return cluster

    found = change(session, found, all_of_them)
    return found, [one.id for one in wanted], [one.spec.name for one in wanted]


def _with_dependencies(known: "Sequence[Service]", wanted: "Sequence[Service]") -> "list[Service]":
    """Services and all that they depend on, in the order of the stack."""
    by_name = {one.spec.name: one for one in known}
    names: set[str] = set()
    waiting = [one.spec.name for one in wanted]
    while waiting:
        name = waiting.pop()
        if name in by_name and name not in names:
            names.add(name)
            waiting += by_name[name].spec.depends_on
    return [one for one in known if one.spec.name in names]


def _with_followers(known: "Sequence[Service]", names: Sequence[str]) -> list[str]:
    """Services and all that are restarted after them: these have to run, too."""
    found = set(names)
    while more := {one.spec.name for one in known if found.intersection(one.spec.follows)} - found:
        found |= more
    return [one.spec.name for one in known if one.spec.name in found]


def _wait_until_ended(session: Session, found: "Found", ids: Sequence[str]) -> None:
    import time
    from functools import partial

    from stackferry.display.progress import display_for
    from stackferry.emulator.control.endings import endings, leaving
    from stackferry.emulator.manager.presence import ensure_running
    from stackferry.lookup.stacks import changing
    from stackferry.up.wait import Pulse

    begun = leaving(found.cluster, ids)
    alive = Pulse(partial(ensure_running, found.home, found.stack, session.environment))
    with changing(found) as store, display_for(session, quiet=False, done="stopped") as display:
        while True:
            if store.written_by_others():
                cluster = store.load()
                display.show(endings(begun, cluster, removed=False))
                tasks = [task for task in cluster.tasks.values() if task.service_id in ids]
                # A task that is wanted was not told yet; one that is only created never runs.
                if all(task.ended for task in tasks if task.wanted or task.container_id):
                    return
            alive.beat()
            time.sleep(0.05)
