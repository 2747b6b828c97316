"""`stackferry logs` as compose shows it, `service logs` as docker does: what tasks write, also ended ones."""

from typing import TYPE_CHECKING, Annotated

from stackferry.options.common import NoResolve, NoTrunc, SomeServices
from stackferry.options.declaration import Argument, Option
from stackferry.options.log_flags import Follow, Since, Tail, Timestamps, Until
from stackferry.options.own_letters import verb
from stackferry.session import Session

if TYPE_CHECKING:
    from stackferry.containers.log_reader import Line
    from stackferry.emulator.cluster.objects import Task


@verb
def logs(
    session: Session,
    services: SomeServices = None,
    follow: Follow = False,
    since: Since = None,
    until: Until = None,
    tail: Tail = "all",
    timestamps: Timestamps = False,
    no_color: Annotated[bool, Option("--no-color", help="Do not use colours.")] = False,
    no_log_prefix: Annotated[bool, Option("--no-log-prefix", help="Do not prefix lines with their task.")] = False,
    index: Annotated[int, Option("--index", metavar="N", help="Only the tasks of this slot.")] = 0,
) -> int:
    """Show the output of tasks."""
    from stackferry.containers.log_output import part, show
    from stackferry.lookup.lookup import of_stack
    from stackferry.render.log_prefix import compose_prefix
    from stackferry.render.style import Style

    words = [one.partition(".") for one in services or ()]
    found, wanted = of_stack(session, [name for name, _, _ in words])
    slots = {service.id: int(slot) for (_, _, slot), service in zip(words, wanted, strict=False) if slot.isdigit()}
    ids = {one.id for one in wanted}
    short = {one.id: found.short(one) for one in found.services()}

    def belongs(task: "Task") -> bool:
        return task.service_id in ids and (index or slots.get(task.service_id, 0)) in (0, task.slot)

    def name(task: "Task") -> str:
        node = found.cluster.nodes.get(task.node_id)
        return f"{short[task.service_id]}.{task.slot or (node.hostname if node else task.node_id)}"

    width = max((len(name(task)) for task in found.cluster.tasks.values() if belongs(task)), default=0)
    style = Style() if no_color else session.style(error_stream=False)
    prefix = (lambda _: "") if no_log_prefix else compose_prefix(name, width, style)
    return show(
        session,
        found,
        wanted,
        belongs,
        part(since, until, tail),
        lambda line: f"{prefix(line.task)}{line.at + ' ' if timestamps else ''}",
        follow=follow,
    )


@verb
def service_logs(
    session: Session,
    name: Annotated[str, Argument(metavar="SERVICE|TASK")],
    details: Annotated[bool, Option("--details", help="Show labels and variables that the log has.")] = False,
    follow: Follow = False,
    no_resolve: NoResolve = False,
    no_task_ids: Annotated[bool, Option("--no-task-ids", help="Do not include task ids in output.")] = False,
    no_trunc: NoTrunc = False,
    raw: Annotated[bool, Option("--raw", help="Do not prefix lines with their task.")] = False,
    since: Since = None,
    tail: Tail = "all",
    timestamps: Timestamps = False,
) -> int:
    """Fetch the logs of a service or task."""
    from dataclasses import replace

    from stackferry.containers.log_output import part, show
    from stackferry.grammar.diagnostics import StackferryError
    from stackferry.lookup.lookup import find_service, find_task
    from stackferry.render.log_prefix import docker_details, docker_prefix, raw_details

    only, most = "", 0
    try:
        found, service = find_service(session, name)
    except StackferryError:
        found, task = find_task(session, name)
        service, only, most = found.cluster.services[task.service_id], task.id, task.slot
    else:
        most = 0 if service.spec.mode.is_global else service.spec.replicas
    if service.spec.task.container is not None and service.spec.task.container.tty and not raw:
        raise StackferryError("tty service logs only supported with --raw", f"stackferry service logs --raw {name}")

    def before(line: "Line") -> str:
        # As docker: what names the task is in the details only where nothing else says it.
        said = "" if not details else f"{(raw_details if raw else docker_details)(line.details, line.task)} "
        return said if raw else f"{prefix(line.task)}{said}"

    prefix = docker_prefix(
        lambda: found.cluster,
        len(str(most)),
        resolve=not no_resolve,
        trunc=not no_trunc,
        ids=not no_task_ids,
    )
    return show(
        session,
        found,
        [service],
        lambda task: task.service_id == service.id and only in ("", task.id),
        replace(part(since, None, tail), details=details),
        lambda line: f"{line.at + ' ' if timestamps else ''}{before(line)}",
        follow=follow,
    )
