"""`stackferry pause`, `unpause`: the processes of running tasks stand still, and go on.

As in a swarm, whose manager does not know of it: a paused task counts as running, and its service's address still
leads to it. The engine does not check the health of what is paused, so that it is not replaced either.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from stackferry.options.common import SomeServices
from stackferry.options.own_letters import verb
from stackferry.session import Session

if TYPE_CHECKING:
    from stackferry.emulator.engine.protocol import Engine


@verb
def pause(session: Session, services: SomeServices = None) -> int:
    """Pause running tasks.

    Without a service, those of the whole stack. Paused tasks still count as running, and requests are still sent to
    them. Use `stop` or `scale SERVICE=0` to end them.
    """
    return _each(session, services, "paused", lambda engine: engine.pause)


@verb
def unpause(session: Session, services: SomeServices = None) -> int:
    """Resume paused tasks."""
    return _each(session, services, "unpaused", lambda engine: engine.unpause)


def _each(
    session: Session, services: list[str] | None, done: str, call: "Callable[[Engine], Callable[[str], None]]"
) -> int:
    from stackferry.engine import connect
    from stackferry.lookup.containers import running_tasks

    found, tasks = running_tasks(session, services)
    engine = connect(session)
    changed = [task for task in tasks if _is(engine, task.container_id, paused=done == "unpaused")]
    for task in changed:
        call(engine)(task.container_id)
        session.note(f"{found.cluster.task_name(task)} {done}")
    if not changed:
        session.note(f"no task to be {done}")
    return 0


def _is(engine: "Engine", container: str, *, paused: bool) -> bool:
    info = engine.inspect(container)
    return info is not None and info.running and (info.status == "paused") is paused
