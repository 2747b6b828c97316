"""`stackferry ps`, `stack ps`, `service ps`, `node ps`: the tasks of services, with their history."""

import sys
from typing import TYPE_CHECKING, Annotated

from stackferry.options.common import Filter, Format, NoResolve, NoTrunc, Quiet, SomeServices
from stackferry.options.declaration import Argument, Option
from stackferry.options.own_letters import verb
from stackferry.session import Session

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from stackferry.emulator.cluster.objects import Task
    from stackferry.grammar.diagnostics import StackferryError
    from stackferry.lookup.stacks import Found
    from stackferry.render.container_rows import Paused


@verb
def ps(
    session: Session,
    services: SomeServices = None,
    all_: Annotated[
        bool, Option("-a", "--all", help="With -q, --services and json: include containers that have ended.")
    ] = False,
    filter_: Filter = None,
    form: Format = None,
    no_resolve: NoResolve = False,
    no_trunc: NoTrunc = False,
    quiet: Annotated[bool, Option("-q", "--quiet", help="Only print ids of containers.")] = False,
    _orphans: Annotated[
        bool, Option("--orphans", help="Accepted; services that are no longer in the files are always included.")
    ] = False,
    only_services: Annotated[bool, Option("--services", help="Only print names of services.")] = False,
    status: Annotated[
        list[str] | None, Option("--status", metavar="STATUS", help="Same as --filter status=STATUS.")
    ] = None,
) -> int:
    """List the tasks of the stack, including those that have ended.

    As with docker compose, -q, --services and --format json list containers; without -a or --status, only running
    ones.
    """
    from stackferry.lookup.lookup import of_stack
    from stackferry.lookup.unmanaged import as_it_is
    from stackferry.render.container_rows import STATUSES, lists, status_test
    from stackferry.render.filters import select
    from stackferry.render.task_rows import TASK_VALUES, task_tests

    stored, wanted = of_stack(session, services)
    of = {one.id for one in wanted}
    found = as_it_is(session, stored)
    tasks = [task for task in found.cluster.tasks.values() if not services or task.service_id in of]
    filters = [*(filter_ or ()), *(f"status={one}" for one in status or ())]
    parts = [one.lower().partition("=") for one in filters]
    asked = {value.strip() for key, _, value in parts if key.strip() == "status"}
    listed, needed = only_services or quiet, bool(asked & {"running", "paused"})
    paused = _paused(session, found, needed=needed) if needed or (form and not listed) else frozenset()
    tests, values = {**task_tests(found.cluster), **status_test(paused)}, {**TASK_VALUES, "status": STATUSES}
    tasks = select(tasks, _with_nodes(found, filters), tests, values)
    if listed or form == "json":
        shown = [task for task in tasks if lists(task, ended=all_ or bool(asked))]
        sys.stdout.write(_compose_list(found, shown, paused, quiet=quiet, trunc=not no_trunc, services=only_services))
        return 0
    import time

    from stackferry.render.container_rows import FULL_SHAPE, full_rows
    from stackferry.render.format import is_table, listing

    trunc, resolve = not no_trunc, not no_resolve
    rows = full_rows(
        found.cluster, found.stack, tasks, time.time(), paused, table=is_table(form), trunc=trunc, resolve=resolve
    )
    sys.stdout.write(listing(FULL_SHAPE, rows, form))
    return 0


def _paused(session: Session, found: "Found", *, needed: bool) -> "Paused":
    """What the engine alone knows. A list that does not choose by it is as good as the state without an engine."""
    from stackferry.emulator.cluster.labels import STACK
    from stackferry.emulator.engine.protocol import EngineError
    from stackferry.engine import connect

    try:
        containers = connect(session).containers({STACK: found.stack})
    except EngineError:
        if needed:
            raise
        return frozenset()
    return frozenset(one.id for one in containers if one.status == "paused")


def _compose_list(
    found: "Found", tasks: "Sequence[Task]", paused: "Paused", *, quiet: bool, trunc: bool, services: bool
) -> str:
    """Names of services, ids of containers, or JSON lines."""
    import time

    from stackferry.render.container_rows import by_name, container_lines, service_names

    if services:
        lines = service_names(found.cluster, found.stack, tasks)
    elif quiet:
        lines = [task.container_id for task in by_name(found.cluster, tasks) if task.container_id]
    else:
        lines = container_lines(found.cluster, found.stack, tasks, time.time(), paused, trunc=trunc)
    return "".join(f"{line}\n" for line in lines)


@verb
def stack_ps(
    session: Session,
    stack: Annotated[str, Argument(metavar="STACK")],
    filter_: Filter = None,
    form: Format = None,
    no_resolve: NoResolve = False,
    no_trunc: NoTrunc = False,
    quiet: Quiet = False,
) -> int:
    """List the tasks in the stack."""
    from stackferry.lookup.stacks import look, nothing_in
    from stackferry.lookup.unmanaged import as_it_is

    stored = look(session, stack)
    if stored is None or not stored.cluster.tasks:
        raise nothing_in(session, stack)
    found = as_it_is(session, stored)
    tasks = found.cluster.tasks.values()
    trunc, nothing = not no_trunc, nothing_in(session, stack)
    return _show(
        session, found, tasks, filter_, form, quiet=quiet, trunc=trunc, resolve=not no_resolve, nothing=nothing
    )


@verb
def service_ps(
    session: Session,
    services: Annotated[list[str], Argument(metavar="SERVICE...")],
    filter_: Filter = None,
    form: Format = None,
    no_resolve: NoResolve = False,
    no_trunc: NoTrunc = False,
    quiet: Quiet = False,
) -> int:
    """List the tasks of one or more services."""
    from stackferry.lookup.lookup import by_stack, find_known
    from stackferry.lookup.unmanaged import as_it_is

    known, error = find_known(session, services)
    for members in by_stack(known).values():
        found, ids = as_it_is(session, members[0][0]), {service.id for _, service in members}
        tasks = [task for task in found.cluster.tasks.values() if task.service_id in ids]
        # As docker: here, and not in the other lists, --quiet gives whole ids.
        trunc = not (no_trunc or quiet)
        _show(session, found, tasks, filter_, form, quiet=quiet, trunc=trunc, resolve=not no_resolve)
    if error is not None:
        raise error
    return 0


@verb
def node_ps(
    session: Session,
    nodes: Annotated[list[str] | None, Argument(metavar="[NODE]...")] = None,
    filter_: Filter = None,
    form: Format = None,
    no_resolve: NoResolve = False,
    no_trunc: NoTrunc = False,
    quiet: Quiet = False,
) -> int:
    """List the tasks on nodes.

    On the leader if no node is named.
    """
    from stackferry.lookup.lookup import find_node, with_nodes
    from stackferry.lookup.unmanaged import as_it_is

    found = as_it_is(session, with_nodes(session))
    ids = {find_node(found, word).id for word in nodes or ("self",)}
    tasks = [task for task in found.cluster.tasks.values() if task.node_id in ids]
    return _show(session, found, tasks, filter_, form, quiet=quiet, trunc=not no_trunc, resolve=not no_resolve)


def _show(
    session: Session,
    found: "Found",
    tasks: "Iterable[Task]",
    filters: list[str] | None,
    form: str | None,
    *,
    quiet: bool,
    trunc: bool,
    resolve: bool,
    nothing: "StackferryError | None" = None,
) -> int:
    """Print the tasks that pass; `nothing` is raised where none does."""
    import time

    from stackferry.render.filters import select
    from stackferry.render.format import is_table, listing
    from stackferry.render.task_rows import SHAPE, TASK_VALUES, task_rows, task_tests

    tasks = select(tasks, _with_nodes(found, filters), task_tests(found.cluster), TASK_VALUES)
    if not tasks and nothing is not None:
        raise nothing
    rows = task_rows(found.cluster, tasks, time.time(), table=is_table(form), trunc=trunc, resolve=resolve)
    sys.stdout.write(listing(SHAPE, rows, form, quiet=quiet))
    return 0


def _with_nodes(found: "Found", filters: list[str] | None) -> list[str]:
    """The filters with the ids of nodes, also of `self`; raises for a node that is not known."""
    from stackferry.lookup.lookup import find_node

    parts = [(one, *one.partition("=")) for one in filters or ()]
    return [
        f"node={find_node(found, value.strip()).id}" if key.strip().lower() == "node" and sign else one
        for one, key, sign, value in parts
    ]
