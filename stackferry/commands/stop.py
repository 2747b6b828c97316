"""`stackferry stop`, `start`, `restart`: all tasks of services end, run again, or are replaced."""

from typing import Annotated

from stackferry.options.common import Detach, SomeServices, WaitTimeout
from stackferry.options.declaration import Option
from stackferry.options.own_letters import verb
from stackferry.session import Session

Grace = Annotated[
    float | None, Option("-t", "--timeout", metavar="SECONDS", help="Grace period before a task is killed.")
]


@verb
def stop(session: Session, services: SomeServices = None, timeout: Grace = None, detach: Detach = False) -> int:
    """Stop services.

    Without a service, the whole stack. They stay stopped until `start`, `up` or `update`.
    """
    from stackferry.deploy.service_state import stop_services

    told = stop_services(session, services, timeout)
    if not detach:
        from stackferry.up.ended import await_ended

        await_ended(session, told.found, told.ids)
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
    from stackferry.deploy.service_state import start_services
    from stackferry.emulator.control.convergence import STEADY
    from stackferry.up.wait import converge

    told = start_services(session, services)
    return converge(session, told.found, told.names, detach=detach and not wait, steady=STEADY, timeout=wait_timeout)


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
    from stackferry.deploy.service_state import restart_services
    from stackferry.up.wait import converge

    told = restart_services(session, services, timeout, followers=not no_deps)
    return converge(session, told.found, told.names, detach=detach)
