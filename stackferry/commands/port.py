"""`stackferry port`: where the ports of a service are reached from this machine, as `docker compose port`."""

from typing import Annotated, Literal

from stackferry.options.declaration import Argument, Option, WrongValueError
from stackferry.options.own_letters import verb
from stackferry.session import Session

_MOST = 65535


@verb
def port(
    session: Session,
    service: Annotated[str, Argument(metavar="SERVICE")],
    private_port: Annotated[
        str | None, Argument(metavar="[PRIVATE_PORT]", help="Port, such as 80 or 53/udp. Default: all ports.")
    ] = None,
    protocol: Annotated[
        Literal["tcp", "udp", "sctp"] | None,
        Option("--protocol", any_case=True, help="Protocol of the port. Default: tcp."),
    ] = None,
    index: Annotated[int, Option("--index", metavar="N", help="Slot of the task, for ports of mode host.")] = 0,
) -> int:
    """Print the public address of a service's port.

    Without a port, all ports of the service with their addresses.
    """
    from stackferry.grammar.diagnostics import StackferryError
    from stackferry.lookup.containers import running_tasks
    from stackferry.render.published import address, mapping, reached

    number, kind = _wanted(private_port, protocol or "") if private_port is not None else (0, protocol or "")
    found, tasks = running_tasks(session, [service])
    if not tasks:
        raise StackferryError(f"service {service!r} is not running", "show its tasks with `stackferry ps`")
    meant = [task for task in tasks if index in (0, task.slot)]
    if not meant:
        slots = ", ".join(str(slot) for slot in sorted({task.slot for task in tasks}))
        raise StackferryError(f"service {service!r} has no running task {index}", f"its slots are {slots}")
    known = reached(found.cluster.services[tasks[0].service_id], meant)
    fits = [one for one in known if number in (0, one.target) and kind in ("", one.protocol)]
    if number:
        if not fits:
            there = ", ".join(dict.fromkeys(f"{one.target}/{one.protocol}" for one in known))
            reason = f"no port {number}/{kind} of service {service} is published"
            raise StackferryError(reason, there and f"published: {there}")
        print(address(fits[0]))
        return 0
    for fitting in fits:
        print(mapping(fitting))
    return 0


def _wanted(private_port: str, protocol: str) -> tuple[int, str]:
    """Number and protocol. 0 is every number, as with docker compose."""
    number, _, said = private_port.partition("/")
    if not (number.isascii() and number.isdecimal() and int(number) <= _MOST):
        raise WrongValueError(f"{private_port!r} is not a port", option="PRIVATE_PORT")
    return int(number), said.lower() or protocol or "tcp"
