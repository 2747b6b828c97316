"""How a task of a stack that goes is ended: no call more than it takes, and nothing is lost by that."""

from dataclasses import replace
from typing import Any

import pytest

from stackferry.emulator.agent.executor import Executor
from stackferry.emulator.cluster.container import ContainerSpec
from stackferry.emulator.cluster.objects import Cluster, Node, Service, Task
from stackferry.emulator.cluster.observation import Died, Vanished
from stackferry.emulator.cluster.operation import Operation, Verb
from stackferry.emulator.cluster.spec import ServiceSpec, TaskTemplate
from stackferry.emulator.cluster.state import TaskState
from stackferry.emulator.engine.protocol import ContainerInfo
from stackferry.emulator.fake.behaviour import Behaviour
from stackferry.emulator.fake.clock import VirtualClock
from stackferry.emulator.fake.engine import FakeEngine

TEMPLATE = TaskTemplate(ContainerSpec("app"))


class Counting(FakeEngine):
    """An engine that counts the looks at single containers."""

    looks = 0

    def inspect(self, container: str) -> ContainerInfo | None:
        self.looks += 1
        return super().inspect(container)


class Ending:
    """One task that runs, and is told to end."""

    def __init__(self) -> None:
        self.engine = Counting(VirtualClock(now=1000.0), {"": Behaviour(term=0.0, term_exit=3)}, images=["app"])
        self.container = self.engine.create("shop_web.1.t", {"Image": "app"})
        self.engine.start(self.container)
        self.signalled: list[str] = []
        self.drained: list[str] = []
        self.execute: Any = Executor(
            self.engine,
            None,  # type: ignore[arg-type]
            lambda operation: self.drained.append(operation.task_id),
            signalled=self.signalled.append,
        )
        self.task = Task("t", "s", 1, TEMPLATE, node_id="n", state=TaskState.RUNNING, container_id=self.container)

    def end(self, drain: float | None, state: TaskState = TaskState.RUNNING) -> tuple[object, ...]:
        task = replace(self.task, state=state, desired=TaskState.REMOVE)
        cluster = Cluster({"n": Node("n", "n")}, {"s": Service("s", ServiceSpec("shop_web"))}, {"t": task})
        operation = Operation(Verb.SHUTDOWN, "t", "shop_web.1.t", "", self.container, drain=drain, signal="SIGTERM")
        self.engine.looks = 0
        return tuple(self.execute(operation, cluster))


def test_where_the_stack_goes_a_task_is_stopped_without_a_look_at_it() -> None:
    it = Ending()

    assert it.end(None) == (Died("t", None),)
    assert it.engine.looks == 0
    assert (it.signalled, it.drained) == (["t"], ["t"])
    found = it.engine.inspect(it.container)
    assert found is not None
    assert not found.running


@pytest.mark.parametrize(("drain", "state"), [(0.0, TaskState.RUNNING), (None, TaskState.STARTING)])
def test_elsewhere_it_is_looked_at_and_its_exit_code_is_told(drain: float | None, state: TaskState) -> None:
    it = Ending()

    assert it.end(drain, state) == (Died("t", 3),)
    assert it.engine.looks == 2


def test_one_that_is_gone_or_has_ended_is_known_for_that() -> None:
    it = Ending()
    it.engine.kill(it.container)
    assert it.end(None) == (Died("t", None),)
    it.engine.remove(it.container)

    assert it.end(None) == (Vanished("t"),)
