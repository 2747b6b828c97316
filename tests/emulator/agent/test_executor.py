"""Tasks created before their gates work, and the end of a whole stack: faster, and nothing is lost."""

from dataclasses import replace
from ipaddress import IPv4Address
from typing import Any

import pytest

from stackferry.emulator.agent.executor import Executor
from stackferry.emulator.cluster.container import ContainerSpec, NetworkAttachmentSpec
from stackferry.emulator.cluster.labels import RESOLVER
from stackferry.emulator.cluster.objects import Cluster, Node, Service, Task
from stackferry.emulator.cluster.observation import Died, Prepared, Refused, Vanished
from stackferry.emulator.cluster.operation import Operation, Verb
from stackferry.emulator.cluster.spec import ServiceSpec, TaskTemplate
from stackferry.emulator.cluster.state import TaskState
from stackferry.emulator.engine.protocol import ContainerInfo
from stackferry.emulator.fake.behaviour import Behaviour
from stackferry.emulator.fake.clock import VirtualClock
from stackferry.emulator.fake.engine import FakeEngine
from stackferry.emulator.webnet.leg import Leg
from stackferry.grammar.diagnostics import StackferryError
from tests.emulator.agent.test_pre_start import Provision

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


NETWORK = "shop_default"
HERE, MOVED = (Leg(IPv4Address(f"10.0.0.{one}"), frozenset({NETWORK})) for one in (128, 129))


class Making:
    """One task that is made. `leg` is what its gates come to."""

    def __init__(self, outlook: Leg | None, leg: Leg | StackferryError) -> None:
        self.engine = FakeEngine(VirtualClock(now=1000.0), images=["app"])
        self.engine.create_network(NETWORK, {})
        self.outcome = leg
        self.there: list[list[str]] = []
        self.execute: Any = Executor(
            self.engine,
            Provision(),
            lambda _: None,
            self.leg,
            lambda _: outlook,  # type: ignore[arg-type]
        )

    def leg(self, _: Task) -> Leg:
        self.there.append(self.names())
        if isinstance(self.outcome, StackferryError):
            raise self.outcome
        return self.outcome

    def names(self) -> list[str]:
        return [one.name for one in self.engine.containers({})]

    def make(self) -> tuple[object, ...]:
        template = TaskTemplate(ContainerSpec("app", networks=(NetworkAttachmentSpec(NETWORK),)), networks=(NETWORK,))
        task = Task("t", "s", 1, template, node_id="n", state=TaskState.ASSIGNED)
        service = Service("s", ServiceSpec("shop_web", task=template))
        cluster = Cluster({"n": Node("n", "n")}, {"s": service}, {"t": task})
        return tuple(self.execute(Operation(Verb.PREPARE, "t", "shop_web.1.t", ""), cluster))

    def resolver(self) -> str:
        (info,) = self.engine.containers({})
        return info.labels[RESOLVER]


def test_a_container_is_made_while_its_gates_begin() -> None:
    it = Making(HERE, HERE)

    (seen,) = it.make()

    assert isinstance(seen, Prepared)
    assert it.there == [["shop_web.1.t"]]
    assert it.resolver() == "10.0.0.128"


def test_one_whose_gates_came_to_be_elsewhere_is_made_anew() -> None:
    it = Making(HERE, MOVED)

    (seen,) = it.make()

    assert isinstance(seen, Prepared)
    assert it.resolver() == "10.0.0.129"


def test_one_whose_gates_cannot_work_leaves_nothing() -> None:
    it = Making(HERE, StackferryError("port '8080' is already in use on this host", ""))

    assert it.make() == (Refused("t", "port '8080' is already in use on this host"),)
    assert it.names() == []


def test_where_nobody_knows_yet_the_gates_are_waited_for() -> None:
    it = Making(None, HERE)

    it.make()

    assert it.there == [[]]
    assert it.resolver() == "10.0.0.128"


def test_what_a_manager_that_died_had_made_is_used_unless_its_gates_are_elsewhere_now() -> None:
    it = Making(HERE, HERE)
    it.make()
    (first,) = it.engine.containers({})
    it.make()
    (again,) = it.engine.containers({})
    it.execute = Executor(
        it.engine,
        Provision(),
        lambda _: None,
        lambda _: MOVED,
        lambda _: MOVED,  # type: ignore[arg-type]
    )
    it.make()

    assert again.id == first.id
    assert it.resolver() == "10.0.0.129"
