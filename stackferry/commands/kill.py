"""`stackferry kill`: a signal to the tasks of services. What follows is the restart policy's."""

from typing import Annotated

from stackferry.options.common import SomeServices
from stackferry.options.declaration import Option, WrongValueError
from stackferry.options.own_letters import verb
from stackferry.session import Session


@verb
def kill(
    session: Session,
    services: SomeServices = None,
    signal: Annotated[str, Option("-s", "--signal", metavar="SIGNAL", help="Signal to send.")] = "SIGKILL",
    remove_orphans: Annotated[bool, Option("--remove-orphans", hidden=True)] = False,
) -> int:
    """Send a signal to running tasks.

    Without a service, to those of the whole stack. A task that ends is replaced as its restart policy says, so this
    is a way to simulate a crash.
    """
    from stackferry.emulator.cluster.state import TaskState
    from stackferry.engine import connect
    from stackferry.lookup.lookup import of_stack

    if remove_orphans:
        raise WrongValueError(
            (
                "kill does not remove services; `stackferry up` removes those no longer in the files,"
                " `stackferry down` all"
            ),
            option="--remove-orphans",
        )
    found, wanted = of_stack(session, services)
    ids = {one.id for one in wanted}
    running = [
        task
        for task in found.cluster.tasks.values()
        if task.service_id in ids and task.container_id and task.state in (TaskState.STARTING, TaskState.RUNNING)
    ]
    engine = connect(session)
    for task in running:
        engine.kill(task.container_id, signal)
        session.note(f"{found.cluster.task_name(task)} {signal}")
    if not running:
        session.note("no running task")
    return 0
