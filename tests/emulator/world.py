"""A world for scenarios: containers that behave as their service says, on a clock that only `run` advances.

Exact arithmetic: nothing takes time unless a scenario says so. The orchestration under test is the real one.
"""

import heapq
import itertools
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

from stackferry.emulator.agent.lifecycle import begin, observe, operations
from stackferry.emulator.cluster.objects import Cluster, Node, Task
from stackferry.emulator.cluster.observation import (
    Died,
    Health,
    Observation,
    Prepared,
    Refused,
    Started,
    StepEnded,
    StepStarted,
)
from stackferry.emulator.cluster.operation import Operation, Verb
from stackferry.emulator.cluster.state import TaskState
from stackferry.emulator.orchestrator.reconcile import reconcile
from tests.emulator.behaviour import Behaviour

DAY = datetime(2026, 3, 28, tzinfo=UTC)
"""The time of day at which a world begins."""


class World:
    """A cluster of one node, its engine, and what happens next."""

    def __init__(self, seed: int = 1) -> None:
        self.now = 0.0
        self.chance = Random(seed)
        node = Node(id="n1", hostname="n1", nano_cpus=4_000_000_000, memory=8 << 30)
        self.cluster = Cluster(nodes={node.id: node})
        self.coming: list[tuple[float, int, Observation]] = []
        self.count = itertools.count()
        self.busy: set[str] = set()
        self.wake_at: float | None = None
        self.stopping: set[str] = set()
        # Seconds that an engine takes to make a container, to start it, and to end it.
        self.overhead = (0.0, 0.0, 0.0)

    def run_until(self, end: float) -> Iterator[Cluster]:
        """Everything that happens until `end`; the cluster after each pass."""
        yield from self.settle()
        while True:
            due = [self.coming[0][0]] if self.coming else []
            due += [self.wake_at] if self.wake_at is not None else []
            if not due or min(due) > end:
                break
            self.now = max(self.now, min(due))
            while self.coming and self.coming[0][0] <= self.now:
                self.see(heapq.heappop(self.coming)[2])
            yield from self.settle()
        self.now = end

    def settle(self) -> Iterator[Cluster]:
        """Passes until nothing changes at this moment."""
        shown = None
        for _ in range(1000):
            before = self.cluster
            day = DAY + timedelta(seconds=self.now)
            self.cluster, self.wake_at = reconcile(self.cluster, self.now, self.chance, day=day)
            for operation in list(operations(self.cluster, self.busy)):
                self.perform(operation)
            while self.coming and self.coming[0][0] <= self.now:
                self.see(heapq.heappop(self.coming)[2])
            if self.cluster != shown:
                shown = self.cluster
                yield self.cluster
            elif self.cluster == before:
                return
        raise AssertionError("the cluster does not come to rest")

    def see(self, seen: Observation) -> None:
        self.busy.discard(seen.task_id)
        self.cluster = observe(self.cluster, seen, self.now)

    def after(self, seconds: float, seen: Observation) -> None:
        heapq.heappush(self.coming, (self.now + seconds, next(self.count), seen))

    def behaviour(self, task: Task) -> Behaviour:
        container = task.template.container
        assert isinstance(container, Behaviour)
        return container

    def perform(self, operation: Operation) -> None:
        task = self.cluster.tasks[operation.task_id]
        self.cluster = self.cluster.with_task(begin(task, operation, self.now))
        self.busy.add(task.id)
        if operation.verb is Verb.PRE_START:
            self.pre_start(task, operation.step)
            return
        {Verb.PREPARE: self.prepare, Verb.START: self.start, Verb.SHUTDOWN: self.shut_down}[operation.verb](task)

    def prepare(self, task: Task) -> None:
        behaviour = self.behaviour(task)
        if behaviour.refused:
            self.after(behaviour.prepares + self.overhead[0], Refused(task.id, behaviour.refused))
        else:
            self.after(behaviour.prepares + self.overhead[0], Prepared(task.id, f"c-{task.id}"))

    def pre_start(self, task: Task, step: int) -> None:
        behaviour = self.behaviour(task).pre_start[step].container
        assert isinstance(behaviour, Behaviour)
        self.after(0.0, StepStarted(task.id, step, f"s-{task.id}-{step}"))
        self.after(behaviour.lives or 0.0, StepEnded(task.id, step, behaviour.exit))

    def start(self, task: Task) -> None:
        behaviour = self.behaviour(task)
        starts = behaviour.starts + self.overhead[1]
        self.after(starts, Started(task.id, f"c-{task.id}"))
        for at, status in behaviour.health:
            self.after(starts + at, Health(task.id, status))
        if behaviour.lives is not None:
            self.after(starts + behaviour.lives, Died(task.id, behaviour.exit))

    def shut_down(self, task: Task) -> None:
        behaviour = self.behaviour(task)
        self.stopping.add(task.id)
        if behaviour.term is None:
            self.after(task.template.stop_grace + self.overhead[2], Died(task.id, 137))
        else:
            self.after(behaviour.term + self.overhead[2], Died(task.id, behaviour.term_exit))

    def crash(self, task: Task, code: int) -> None:
        self.cluster = observe(self.cluster, Died(task.id, code), self.now)

    def change_node(self, node_id: str, **changes: object) -> None:
        node = self.cluster.nodes.get(node_id) or Node(
            id=node_id, hostname=node_id, nano_cpus=4_000_000_000, memory=8 << 30
        )
        nodes = {**self.cluster.nodes, node_id: replace(node, **changes)}  # type: ignore[arg-type]
        self.cluster = replace(self.cluster, nodes=nodes)

    def running(self, service_id: str) -> int:
        return sum(task.state == TaskState.RUNNING for task in self.cluster.tasks_of(service_id))
