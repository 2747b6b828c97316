"""Reads the output of many tasks at once: past output sorted by time, followed output as it arrives.

One thread per container reads and puts lines into a queue, from which the calling thread prints. New tasks are found
in the store and followed, too.
"""

import heapq
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from math import inf
from queue import Empty, SimpleQueue

from stackferry.emulator.cluster.objects import Cluster, Task
from stackferry.emulator.engine.protocol import Engine, EngineError, ItemStream
from stackferry.grammar.lazy_dataclass import dataclass

LOOK = 0.2
"""Seconds between checks of the store for new tasks."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which part of the output to read, as the engine's options say it. `tail` None means all lines.

    `since` is a date, and the time of day may be set back meanwhile. So all output is read of tasks that were created
    at or after `new_at`, by the stack's clock.
    """

    since: float = 0.0
    until: float = 0.0
    tail: int | None = None
    details: bool = False
    new_at: float = inf


@dataclass(frozen=True, slots=True)
class Line:
    """One line of output: its time as text, the stream (stdout or stderr), the task that wrote it.

    `details`, if requested, are the labels and variables that the logging driver kept: `a=b,c=d`.
    """

    at: str
    stream: str
    text: bytes
    task: Task
    details: str = ""


def written(engine: Engine, tasks: Iterable[Task], wanted: Wanted) -> Iterator[Line]:
    """The past output of tasks, oldest line first."""
    return heapq.merge(*(_lines(engine, task, wanted) for task in tasks), key=lambda line: line.at)


def followed(
    engine: Engine,
    look: Callable[[], Cluster | None],
    belongs: Callable[[Task], bool],
    has_ended: Callable[[Cluster], bool],
    wanted: Wanted,
) -> Iterator[Line]:
    """Follow the output of tasks until all have ended; `look` gives the cluster if it has changed."""
    queue: SimpleQueue[Line | str] = SimpleQueue()
    flows: dict[str, ItemStream[tuple[str, bytes]]] = {}
    reading: set[str] = set()
    cluster, part = look(), wanted
    first = True
    try:
        while True:
            for task in () if cluster is None else cluster.tasks.values():
                if belongs(task) and task.container_id and task.id not in flows:
                    flow = _open(engine, task, part, follow=True)
                    if flow is not None:
                        flows[task.id] = flow
                        reading.add(task.id)
                        threading.Thread(target=_read, args=(flow, task, wanted, queue), daemon=True).start()
            if first:
                # Tasks that appear later are read from their first line.
                part, first = replace(wanted, tail=None), False
            yield from _arrived(queue, reading)
            latest = look()
            cluster = cluster if latest is None else latest
            if not reading and cluster is not None and has_ended(cluster):
                return
    finally:
        for flow in flows.values():
            flow.close()


def _arrived(queue: "SimpleQueue[Line | str]", reading: set[str]) -> Iterator[Line]:
    """The lines that arrive until the next check; a string in the queue is the id of a task whose output has ended."""
    with suppress(Empty):
        timeout = LOOK
        while True:
            item = queue.get(timeout=timeout)
            timeout = 0.0
            if isinstance(item, Line):
                yield item
            else:
                reading.discard(item)


def _read(flow: ItemStream[tuple[str, bytes]], task: Task, wanted: Wanted, queue: "SimpleQueue[Line | str]") -> None:
    try:
        for stream, text in flow:
            queue.put(_line(stream, text, task, wanted))
    except EngineError:
        pass  # the container was removed, or the engine is unreachable: there is nothing more to read
    finally:
        queue.put(task.id)


def _lines(engine: Engine, task: Task, wanted: Wanted) -> Iterator[Line]:
    flow = _open(engine, task, wanted, follow=False)
    if flow is None:
        return
    try:
        for stream, text in flow:
            yield _line(stream, text, task, wanted)
    finally:
        flow.close()


def _open(engine: Engine, task: Task, wanted: Wanted, *, follow: bool) -> ItemStream[tuple[str, bytes]] | None:
    """Open the log of a task; None if its container does not exist yet or any more."""
    try:
        return engine.logs(
            task.container_id,
            follow=follow,
            since=wanted.since if task.created_at < wanted.new_at else 0.0,
            until=wanted.until,
            tail=wanted.tail,
            timestamps=True,
            details=wanted.details,
        )
    except EngineError as error:
        # 409: the container is being removed.
        if error.status in (404, 409):
            return None
        raise


def _line(stream: str, text: bytes, task: Task, wanted: Wanted) -> Line:
    at, _, rest = text.partition(b" ")
    details, rest = rest.split(b" ", 1) if wanted.details and b" " in rest else (b"", rest)
    return Line(at.decode("ascii", "replace"), stream, rest, task, details.decode("ascii", "replace"))
