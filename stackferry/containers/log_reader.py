"""The output of many tasks at once: in the order of time while it is read, as it comes while it is followed.

One thread per container reads; what they read goes through one queue to the one that prints. Tasks that start
while one follows are found in the store and join in.
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
"""Seconds between looks into the store for new tasks."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which part of the output: as the engine's own options. `tail` None is all.

    `since` is a time of day, which may be set back meanwhile: of tasks that were made from `new_at` on, by the stack's
    clock, everything is wanted.
    """

    since: float = 0.0
    until: float = 0.0
    tail: int | None = None
    details: bool = False
    new_at: float = inf


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its time as text, the stream (stdout or stderr), the task that wrote it.

    `details`, where they were wanted, are what the logging driver kept of labels and variables: `a=b,c=d`.
    """

    at: str
    stream: str
    text: bytes
    task: Task
    details: str = ""


def written(engine: Engine, tasks: Iterable[Task], wanted: Wanted) -> Iterator[Line]:
    """What the tasks have written, oldest first."""
    return heapq.merge(*(_lines(engine, task, wanted) for task in tasks), key=lambda line: line.at)


def followed(
    engine: Engine,
    look: Callable[[], Cluster | None],
    belongs: Callable[[Task], bool],
    has_ended: Callable[[Cluster], bool],
    wanted: Wanted,
) -> Iterator[Line]:
    """What tasks write, until all is over; `look` gives the cluster if it has changed."""
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
                # What is new later is wanted whole.
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
    """What comes within one look's time; a text is the id of a task whose output has ended."""
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
        pass  # the container was removed, or the engine went away: then there is nothing more to read
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
    """None if the container is no longer there, or not yet."""
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
        # 409: it is being removed at this moment.
        if error.status in (404, 409):
            return None
        raise


def _line(stream: str, text: bytes, task: Task, wanted: Wanted) -> Line:
    at, _, rest = text.partition(b" ")
    details, rest = rest.split(b" ", 1) if wanted.details and b" " in rest else (b"", rest)
    return Line(at.decode("ascii", "replace"), stream, rest, task, details.decode("ascii", "replace"))
