"""`stackferry port`: where a port of a service is reached from this machine, as `docker compose port`."""

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from stackferry.options.own_letters import verb
from stackferry.session import Session

if TYPE_CHECKING:
    from stackferry.emulator.cluster.objects import Service, Task
    from stackferry.emulator.cluster.spec import PublishedPort


@verb
def port(
    session: Session,
    service: Annotated[str, typer.Argument(metavar="SERVICE")],
    private_port: Annotated[str, typer.Argument(metavar="PRIVATE_PORT", help="80, or 53/udp.")],
    protocol: Annotated[Literal["tcp", "udp", "sctp"], typer.Option("--protocol", help="Of the port.")] = "tcp",
    index: Annotated[
        int, typer.Option("--index", metavar="N", help="The task of that slot, for ports of mode host.")
    ] = 0,
) -> int:
    """Print the public address of a port of a service."""
    from stackferry.grammar.diagnostics import StackferryError
    from stackferry.lookup.containers import running_tasks

    number, _, said = private_port.partition("/")
    if not number.isdecimal():
        raise typer.BadParameter(f"{private_port!r} is no port", param_hint="PRIVATE_PORT")
    kind = said or protocol
    found, tasks = running_tasks(session, [service])
    if not tasks:
        raise StackferryError(f"service {service!r} is not running", "`stackferry ps` shows its tasks")
    one = found.cluster.services[tasks[0].service_id]
    known = _reached(one, [task for task in tasks if index in (0, task.slot)])
    for public in known:
        if (public.target, public.protocol) == (int(number), kind):
            print(f"{public.host_ip or '0.0.0.0'}:{public.published}")  # noqa: S104 - shown, not bound
            return 0
    there = ", ".join(f"{one.target}/{one.protocol}" for one in known)
    raise StackferryError(f"no port {number}/{kind} of service {service} is published", there and f"published: {there}")


def _reached(service: "Service", tasks: "list[Task]") -> "list[PublishedPort]":
    return [
        *(one for one in service.ports if one.mode != "host" and one.published),
        *(one for task in tasks for one in task.held),
    ]
