"""The manager's loop: take in observations, reconcile, save, start operations. Clocks and engine are passed in.

    messages -> observe -> reconcile -> save -> operations -> workers -> messages …

Everything that happens arrives as a message in one queue, so the cluster has one writer and no locks. A pass
is saved before its operations begin: a manager that dies in between leaves a store that is true, and the
next manager looks at the engine first (`agent/survey.py`).
"""

import logging
import queue
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, tzinfo
from random import Random

from stackferry.emulator.agent.lifecycle import begin, observe, operations, removal
from stackferry.emulator.agent.survey import survey
from stackferry.emulator.cluster.dates import dated
from stackferry.emulator.cluster.happenings import happenings
from stackferry.emulator.cluster.labels import TASK_ID
from stackferry.emulator.cluster.objects import Cluster
from stackferry.emulator.cluster.observation import Observation, Refused
from stackferry.emulator.cluster.operation import Operation, Verb
from stackferry.emulator.engine.protocol import ContainerInfo
from stackferry.emulator.orchestrator.reconcile import reconcile
from stackferry.emulator.store.store import Store, StoreError, StoreGoneError
from stackferry.grammar.lazy_dataclass import dataclass

log = logging.getLogger("stackferry.manager")

WORKERS = 16
"""Containers that are created or started at a time. Of 20 on two processors, 4 at a time took 4.6 s, 8 3.9, 20 3.5."""


PAUSE = 0.5
"""Seconds until a failed operation is retried."""


@dataclass(frozen=True, slots=True)
class Done:
    """An operation has ended, with the observations that it made."""

    operation: Operation
    seen: tuple[Observation, ...] = ()


@dataclass(frozen=True, slots=True)
class Wake:
    """Somebody changed the store, or wants to know that the loop is alive."""


@dataclass(frozen=True, slots=True)
class Stop:
    """The loop is to end. Containers keep running."""


@dataclass(frozen=True, slots=True)
class Surveyed:
    """All containers of the stack, listed at once: at `begun` or a little later."""

    containers: tuple[ContainerInfo, ...]
    begun: float


Message = Done | Wake | Stop | Surveyed | Observation
Execute = Callable[[Operation, Cluster], tuple[Observation, ...]]


class Loop:
    """The loop of one stack. `pass_over` is called with the cluster after each pass (the foreground shows progress).

    `settle` assigns addresses and ports (webnet/controller.py). `clock` is the stack's (store/clock.py); `wall` gives
    the time of day, for dates and schedules, and `zone` is the machine's.
    """

    def __init__(
        self,
        store: Store,
        execute: Execute,
        clock: Callable[[], float],
        chance: Random,
        pass_over: Callable[[Cluster], None] = lambda _: None,
        workers: int = WORKERS,
        settle: Callable[[Cluster], Cluster] = lambda cluster: cluster,
        wall: Callable[[], float] | None = None,
        zone: tzinfo = UTC,
    ) -> None:
        self.messages: queue.SimpleQueue[Message] = queue.SimpleQueue()
        self.store = store
        self.execute = execute
        self.clock = clock
        self.wall = wall or clock
        self.zone = zone
        self.chance = chance
        self.pass_over = pass_over
        self.settle = settle
        self.cluster = store.load()
        self.saved = self.cluster
        # As the last pass left it, saved or not: tasks that are missing here were forgotten since.
        self.last = self.cluster
        self.busy: set[str] = set()
        self.forgotten: dict[str, Operation] = {}
        self.wake_at: float | None = None
        # Why the last pass was not saved: reported once, not in every pass.
        self.unsaved = ""
        self.stopping = False
        # No operation starts before the first survey: the stored state may be long out of date.
        self.surveyed = False
        self.patience = threading.Event()
        self._workers = ThreadPoolExecutor(workers, thread_name_prefix="worker")
        # Ending a task is mostly waiting, which must not keep other tasks from starting.
        self._waiters = ThreadPoolExecutor(64, thread_name_prefix="waiter")

    @property
    def idle(self) -> bool:
        """Whether the engine was surveyed and nothing is being done or left to do."""
        return self.surveyed and not self.busy and not self.forgotten

    def post(self, message: Message) -> None:
        """Hand in a message, from any thread."""
        self.messages.put(message)

    def run(self, until: Callable[[Cluster], bool] = lambda _: False) -> None:
        """Work until told to stop, or until `until` holds for the cluster."""
        self.store.written_by_others()
        self.turn([Wake()])
        while not self.stopping and not until(self.cluster):
            self.turn(self._collect())
        self._workers.shutdown(wait=False, cancel_futures=True)
        self._waiters.shutdown(wait=False, cancel_futures=True)

    def _collect(self) -> list[Message]:
        """The next messages; none if something is due before one arrives."""
        wait = None if self.wake_at is None else max(0.0, self.wake_at - self.clock())
        found: list[Message] = []
        try:
            found.append(self.messages.get(timeout=wait))
            while True:
                found.append(self.messages.get_nowait())
        except queue.Empty:
            return found

    def turn(self, messages: Iterable[Message]) -> None:
        """One turn: messages in, operations out."""
        self.stopping = any(isinstance(message, Stop) for message in messages)
        due: list[Operation] | None = None
        try:
            with self.store.transaction():
                due = self._pass(messages)
                self.store.add_events(self.wall(), happenings(self.saved, self.cluster))
                self.store.save(self.saved, self.cluster)
            self.saved = self.cluster
            if self.unsaved:
                log.warning("the state can be saved again")
            self.unsaved = ""
        except StoreGoneError as error:
            # The next manager begins anew: two managers would fight for the same containers.
            log.warning("%s; its manager is stopping", error)
            self.stopping = True
            return
        except StoreError as error:
            # The disk is full: history suffers, services do not. The next turn saves what this one could not.
            if self.unsaved != str(error):
                log.warning("cannot save the state: %s", error)
            self.unsaved = str(error)
            if due is None:
                due = self._pass(messages, reading=False)
            self.wake_at = min(self.wake_at or self.clock() + 1.0, self.clock() + 1.0)
        if not self.stopping:
            for operation in due:
                self._begin(operation)
        self.pass_over(self.cluster)

    def _pass(self, messages: Iterable[Message], *, reading: bool = True) -> list[Operation]:
        if reading and self.store.written_by_others():
            self._read_changes()
        before, now, wall = self.cluster, self.clock(), self.wall()
        due = self._decide(messages, now, wall)
        self.cluster = dated(before, self.cluster, now, wall)
        if self.surveyed:
            self.last = self.cluster
        return due

    def _decide(self, messages: Iterable[Message], now: float, wall: float) -> list[Operation]:
        for message in messages:
            self._take_in(message, now)
        if not self.surveyed:
            return []
        day = datetime.fromtimestamp(wall, self.zone)
        self.cluster, self.wake_at = reconcile(self.cluster, now, self.chance, day=day)
        self.cluster = self.settle(self.cluster)
        due = [*operations(self.cluster, self.busy), *self._leftovers()]
        tasks = dict(self.cluster.tasks)
        for operation in due:
            if operation.task_id in tasks:
                tasks[operation.task_id] = begin(tasks[operation.task_id], operation, now)
        self.cluster = replace(self.cluster, tasks=tasks)
        return due

    def _read_changes(self) -> None:
        """Commands change services and nodes; only the manager changes tasks."""
        services, nodes = self.store.services(), self.store.nodes()
        self.cluster = replace(self.cluster, services=services, nodes=nodes)
        self.saved = replace(self.saved, services=dict(services), nodes=dict(nodes))

    def _take_in(self, message: Message, now: float) -> None:
        match message:
            case Wake() | Stop():
                return
            case Done(operation, seen):
                self.busy.discard(operation.task_id)
                log.info("done: %s%s", operation, "".join(f"; {one}" for one in seen))
                for observation in seen:
                    self.cluster = observe(self.cluster, observation, now)
            case Surveyed(containers, begun):
                self._compare(containers, begun, now)
            case _:
                self.cluster = observe(self.cluster, message, now)

    def _compare(self, containers: tuple[ContainerInfo, ...], begun: float, now: float) -> None:
        found = survey(self.cluster, containers, begun, now)
        self.cluster = found.cluster
        for seen in found.seen:
            if seen.task_id not in self.busy:
                self.cluster = observe(self.cluster, seen, now)
        for info in found.leftovers:
            if info.labels.get(TASK_ID, "") not in self.busy:
                operation = Operation(Verb.REMOVE, info.id, info.name, "it belongs to no task", info.id)
                self.forgotten[info.id] = operation
        self.surveyed = True

    def _leftovers(self) -> list[Operation]:
        """Operations that remove containers of forgotten tasks, once no other operation works on them."""
        for task in self.last.tasks.values():
            if task.id not in self.cluster.tasks and task.container_id:
                self.forgotten[task.id] = removal(self.last, task)
        return [self.forgotten.pop(task_id) for task_id in [*self.forgotten] if task_id not in self.busy]

    def _begin(self, operation: Operation) -> None:
        log.info("begin: %s", operation)
        self.busy.add(operation.task_id)
        pool = self._waiters if operation.waits else self._workers
        pool.submit(self._perform, operation, self.cluster)

    def _perform(self, operation: Operation, cluster: Cluster) -> None:
        try:
            seen = self.execute(operation, cluster)
        except Exception as error:
            # A bug must not leave a task in progress for ever.
            log.exception("failed: %s", operation)
            seen = self._give_up(operation, error)
        if not seen and operation.verb is not Verb.REMOVE:
            # It will be tried again: the engine may have been away.
            self.patience.wait(PAUSE)
        self.post(Done(operation, seen))

    def _give_up(self, operation: Operation, error: Exception) -> tuple[Observation, ...]:
        if operation.verb in (Verb.PREPARE, Verb.START):
            return (Refused(operation.task_id, f"stackferry: {error!r}", started=operation.verb is Verb.START),)
        return ()
