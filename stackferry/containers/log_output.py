"""Prints the output of tasks for `logs`, `service logs` and `job logs`."""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from stackferry.containers.log_reader import Line, Wanted, followed, written
from stackferry.display.output import pass_on
from stackferry.emulator.cluster.objects import Cluster, Service, Task
from stackferry.emulator.control.convergence import has_ended
from stackferry.emulator.store.clock import read_clock
from stackferry.engine import connect
from stackferry.lookup.stacks import Found, changing
from stackferry.options.declaration import WrongValueError
from stackferry.options.times import point_in_time
from stackferry.session import Session


def part(since: str | None, until: str | None, tail: str) -> Wanted:
    """The part of the output that the options ask for."""
    if tail != "all" and not tail.lstrip("-").isdigit():
        raise WrongValueError(f"{tail!r} is neither a number nor all", option="--tail")
    now = time.time()
    count = None if tail == "all" or int(tail) < 0 else int(tail)
    return Wanted(point_in_time(since, now), point_in_time(until, now), count)


def show(
    session: Session,
    found: Found,
    services: Sequence[Service],
    belongs: Callable[[Task], bool],
    part: Wanted,
    before: Callable[[Line], str],
    *,
    follow: bool,
) -> int:
    """Print the output of tasks; with `follow`, go on until their services have ended."""
    engine = connect(session)
    tasks = [task for task in found.cluster.tasks.values() if belongs(task) and task.container_id]
    if not follow:
        return _pass_on(written(engine, tasks, part), before)

    def ended(cluster: Cluster) -> bool:
        return all(has_ended(cluster, one) for one in services)

    with changing(found) as store:
        part = replace(part, new_at=read_clock(store, found.cluster)())
        return _pass_on(
            followed(engine, lambda: store.load() if store.written_by_others() else None, belongs, ended, part),
            before,
        )


def _pass_on(lines: Iterable[Line], before: Callable[[Line], str]) -> int:
    for line in lines:
        pass_on(line.stream, before(line).encode() + line.text + b"\n")
    return 0
