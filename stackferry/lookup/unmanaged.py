"""Shows stacks without a running manager as the engine has them, with a line that says so.

A store is only as current as its last manager left it. If the manager is alive, the engine is not asked.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from stackferry.emulator.manager.lock import manager_pid, was_killed
from stackferry.lookup.stacks import Found
from stackferry.session import Session

if TYPE_CHECKING:
    from stackferry.emulator.cluster.objects import Cluster, Task
    from stackferry.emulator.engine.protocol import ContainerInfo, Engine


def as_it_is(session: Session, found: Found) -> Found:
    """A stack's current state; changes since its manager ended are read from the engine and not stored."""
    return all_as_they_are(session, [found])[0]


def all_as_they_are(session: Session, stacks: Iterable[Found]) -> list[Found]:
    """The same for several stacks, over one connection."""
    shown: list[Found] = []
    engine: Engine | None = None
    for stack in stacks:
        if not stack.cluster.services or manager_pid(stack.home) is not None:
            shown.append(stack)
            continue
        from stackferry.emulator.cluster.labels import STACK
        from stackferry.emulator.engine.protocol import EngineError
        from stackferry.engine import connect

        try:
            engine = engine or connect(session)
            containers = engine.containers({STACK: stack.stack})
        except EngineError:
            session.note(f"{_lost(session, stack)}; the engine does not respond: showing the last known state")
            shown.append(stack)
            continue
        session.note(_lost(session, stack))
        shown.append(replace(stack, cluster=_seen(stack, containers)))
    return shown


def _lost(session: Session, found: Found) -> str:
    """Why the stack has no manager, and what follows from that."""
    from stackferry.emulator.manager.supervision import restarting

    if restarting(found.home, found.stack, session.environment):
        again = "was killed and is being restarted" if was_killed(found.home) else "is starting"
        return f"the manager of {found.stack} {again}"
    how = f" (the last one was killed, see {found.home.log})" if was_killed(found.home) else ""
    return (
        f"no manager of {found.stack} is running{how}: failed tasks are not replaced until you run"
        f" `stackferry up` or `stackferry manager start {found.stack}`"
    )


def _seen(found: Found, containers: "Iterable[ContainerInfo]") -> "Cluster":
    """The cluster as a newly started manager would first see it (`agent/survey.py`)."""
    import time

    from stackferry.emulator.agent.lifecycle import observe
    from stackferry.emulator.agent.survey import survey
    from stackferry.emulator.cluster.dates import dated
    from stackferry.emulator.store.clock import read_clock
    from stackferry.lookup.stacks import changing

    with changing(found) as store:
        now = read_clock(store, found.cluster)()
    containers = list(containers)
    seen = survey(found.cluster, containers, now, now)
    cluster = seen.cluster
    for observation in seen.seen:
        cluster = observe(cluster, observation, now)
    cluster = dated(found.cluster, cluster, now, time.time())
    ended = {one.id: one.finished_at for one in containers if one.finished_at and not one.running}
    tasks = {
        key: _ended_at(task, ended.get(task.container_id)) for key, task in cluster.tasks.items() if task.at == now
    }
    return replace(cluster, tasks={**cluster.tasks, **tasks})


def _ended_at(task: "Task", date: float | None) -> "Task":
    """A task that has ended, with the end date from its engine."""
    return replace(task, at_date=date) if task.ended and date is not None else task
