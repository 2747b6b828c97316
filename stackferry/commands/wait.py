"""`stackferry wait`: block until services have ended, as `docker compose wait`."""

from typing import TYPE_CHECKING, Annotated

from stackferry.options.declaration import Argument, Option
from stackferry.options.own_letters import verb
from stackferry.session import Session

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stackferry.emulator.cluster.objects import Cluster, Service, Task
    from stackferry.lookup.stacks import Found


@verb
def wait(
    session: Session,
    services: Annotated[list[str], Argument(metavar="SERVICE...")],
    any_: Annotated[bool, Option("--any", help="Wait until the first of them has ended.")] = False,
    down_project: Annotated[
        bool, Option("--down-project", help="Remove the stack when the first of them has ended.")
    ] = False,
) -> int:
    """Wait until the tasks of services have ended.

    Until jobs are complete, and other services have given up or were stopped. Prints the exit code of the last task
    of each slot; the exit code is the first of them that is not 0.
    """
    from stackferry.lookup.lookup import of_stack

    found, wanted = of_stack(session, services)
    code = _ended(found, {one.id: one for one in wanted}, first=any_ or down_project)
    if down_project:
        from stackferry.deploy.remove import end

        end(session, found.stack, volumes=False)
    return code


def _ended(found: "Found", left: "dict[str, Service]", *, first: bool) -> int:
    """Wait for all of them, or the first; gives the exit code."""
    import time

    from stackferry.emulator.control.convergence import has_ended
    from stackferry.lookup.stacks import changing

    code = 0
    with changing(found) as store:
        while left:
            if store.written_by_others():
                cluster = store.load()
                for service in [one for one in left.values() if has_ended(cluster, one)]:
                    del left[service.id]
                    ended = _last(cluster, service)
                    for task in ended:
                        print(
                            f'task "{cluster.task_name(task)}" exited with status code {task.exit_code or 0}',
                            flush=True,
                        )
                    code = code or next((task.exit_code for task in ended if task.exit_code), 0)
                    if first:
                        return code
            if left:
                time.sleep(0.05)
    return code


def _last(cluster: "Cluster", service: "Service") -> "Sequence[Task]":
    """The newest task of each slot that ran."""
    newest: dict[tuple[int, str], Task] = {}
    for task in sorted(cluster.tasks_of(service.id), key=lambda one: one.created_at):
        if task.container_id:
            newest[task.slot, task.node_id if not task.slot else ""] = task
    return list(newest.values())
