"""`stackferry stats`: what running tasks use, as `docker compose stats`."""

import sys
from typing import TYPE_CHECKING, Annotated

from stackferry.options.common import Format, NoTrunc, SomeServices
from stackferry.options.declaration import Option
from stackferry.options.own_letters import verb
from stackferry.session import Session

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from stackferry.emulator.cluster.objects import Task
    from stackferry.emulator.engine.protocol import Engine
    from stackferry.emulator.engine.usage import Usage

INTERVAL = 1.0


@verb
def stats(
    session: Session,
    services: SomeServices = None,
    form: Format = None,
    no_stream: Annotated[bool, Option("--no-stream", help="Show one result, then stop.")] = False,
    no_trunc: NoTrunc = False,
    _all_: Annotated[bool, Option("-a", "--all", help="Accepted; tasks that have ended use nothing.")] = False,
) -> int:
    """Show the resource usage of running tasks, live."""
    import time

    from stackferry.engine import connect
    from stackferry.lookup.containers import running_tasks
    from stackferry.render.format import listing
    from stackferry.render.usage_rows import SHAPE, usage_rows

    engine = connect(session)
    live = session.redraws(error_stream=False) and not no_stream and not form
    before: Mapping[str, Usage] = {}
    while True:
        found, tasks = running_tasks(session, services)
        usage = _usage(engine, tasks)
        if not before and usage:
            # The share of a CPU is a difference of two looks.
            before = usage
            time.sleep(INTERVAL)
            usage = _usage(engine, tasks)
        text = listing(SHAPE, usage_rows(found.cluster, tasks, before, usage, trunc=not no_trunc), form)
        sys.stdout.write(f"\033[H\033[2J{text}" if live else text)
        sys.stdout.flush()
        if no_stream:
            return 0
        before = usage
        time.sleep(INTERVAL)


def _usage(engine: "Engine", tasks: "Sequence[Task]") -> "Mapping[str, Usage]":
    """By task id, asked for all at once; a task that ends meanwhile is left out."""
    from concurrent.futures import ThreadPoolExecutor

    from stackferry.emulator.engine.protocol import EngineError

    def one(task: "Task") -> "Usage | None":
        try:
            return engine.stats(task.container_id)
        except EngineError:
            return None

    with ThreadPoolExecutor(16) as pool:
        found = zip(tasks, pool.map(one, tasks), strict=True)
        return {task.id: usage for task, usage in found if usage is not None}
