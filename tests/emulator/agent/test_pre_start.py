"""Init containers on an engine in memory: their requests, order and leftovers, and a manager that dies meanwhile."""

from collections.abc import Iterator
from typing import Any

import pytest

from stackferry.emulator.agent.endings import last_words, step_ended
from stackferry.emulator.agent.executor import Executor
from stackferry.emulator.agent.lifecycle import begin, observe, operations, removal
from stackferry.emulator.agent.pre_start import request
from stackferry.emulator.agent.survey import survey
from stackferry.emulator.cluster import labels
from stackferry.emulator.cluster.container import ContainerSpec, HealthSpec, NetworkAttachmentSpec, PreStartSpec
from stackferry.emulator.cluster.objects import Cluster, Node, Service, Task
from stackferry.emulator.cluster.observation import StepEnded
from stackferry.emulator.cluster.operation import Operation, Verb
from stackferry.emulator.cluster.spec import EndpointSpec, PublishedPort, ServiceSpec, TaskTemplate
from stackferry.emulator.cluster.state import TaskState
from stackferry.emulator.fake.behaviour import Behaviour
from stackferry.emulator.fake.clock import VirtualClock
from stackferry.emulator.fake.engine import FakeEngine
from stackferry.emulator.manager.watch import observations
from stackferry.grammar.diagnostics import StackferryError

INIT = ContainerSpec("init", args=("migrate",), networks=(NetworkAttachmentSpec("shop_back", ("web",)),))
STACK = {labels.STACK: "shop"}


class Provision:
    """Everything is there."""

    stack = "shop"
    known: list[str]

    def __init__(self) -> None:
        self.known = []

    def everything(self, cluster: Cluster, task: Task, container: ContainerSpec) -> dict[str, str]:
        self.known.append(container.image)
        return {}

    def networks(self, container: ContainerSpec) -> None: ...

    def lost_image(self, container: ContainerSpec) -> bool:
        return False

    def forget(self, task_id: str) -> None: ...


class Agent:
    """One task and its engine, an operation at a time."""

    def __init__(self, *steps: PreStartSpec, **behaviours: Behaviour) -> None:
        self.clock = VirtualClock(now=1000.0)
        self.engine = FakeEngine(self.clock, {"init": Behaviour(lives=1.0), **behaviours}, images=["app", "init"])
        self.engine.create_network("shop_back", {})
        self.events = self.engine.events(None, STACK)
        self.provision = Provision()
        self.execute: Any = Executor(self.engine, self.provision, lambda _: None)  # type: ignore[arg-type]
        template = TaskTemplate(container=ContainerSpec("app", network_mode="none", pre_start=steps))
        service = Service("s1", ServiceSpec("shop_web", task=template))
        task = Task("t1", "s1", 1, template, node_id="n1", state=TaskState.ASSIGNED)
        self.cluster = Cluster({"n1": Node("n1", "n1")}, {"s1": service}, {"t1": task})
        self.done: list[str] = []

    @property
    def task(self) -> Task:
        return self.cluster.tasks["t1"]

    def turn(self) -> list[Operation]:
        """Do what is due, then take in what happened."""
        due = list(operations(self.cluster, ()))
        for operation in due:
            self.done.append(operation.verb.value + (f" {operation.step}" if operation.step >= 0 else ""))
            self.cluster = self.cluster.with_task(begin(self.task, operation, self.clock.now))
            for seen in self.execute(operation, self.cluster):
                self.cluster = observe(self.cluster, seen, self.clock.now)
        for event in self.events.take():
            for seen in observations(event):
                self.cluster = observe(self.cluster, seen, self.clock.now)
        return due

    def run(self, seconds: float) -> None:
        for _ in range(round(seconds * 4)):
            self.turn()
            self.clock.advance(0.25)

    def names(self) -> list[str]:
        return sorted(info.name for info in self.engine.containers(STACK))


def test_they_run_one_after_the_other_and_leave_nothing() -> None:
    it = Agent(PreStartSpec(INIT), PreStartSpec(INIT, per_replica=True))

    it.run(1.0)
    assert it.names() == ["shop_web.1.t1", "shop_web.1.t1.pre_start.0"]
    it.run(4.0)

    assert it.done == ["prepare", "pre-start 0", "pre-start 1", "start"]
    assert it.task.state == TaskState.RUNNING
    assert it.names() == ["shop_web.1.t1"]
    assert it.provision.known == ["app", "init", "init"]


def test_the_request_has_the_tasks_volumes_and_none_of_its_ports() -> None:
    init = ContainerSpec("init", env=("SLOT={{.Task.Slot}}",), networks=INIT.networks, options={"VolumesFrom": ["db"]})
    template = TaskTemplate(
        container=ContainerSpec("app", health=HealthSpec(("CMD", "true")), pre_start=(PreStartSpec(init),)),
        networks=("shop_front",),
        has_healthcheck=True,
    )
    port = EndpointSpec(ports=(PublishedPort(80, 8080, mode="host"),))
    task = Task("t1", "s1", 2, template, node_id="n1", container_id="c1", endpoint=port)
    cluster = Cluster({"n1": Node("n1", "n1")}, {"s1": Service("s1", ServiceSpec("shop_web"))}, {"t1": task})

    made = request(cluster, task, 0, stack="shop", path_of=lambda _: "", container_of=str)

    body: Any = made.body
    assert made.name == "shop_web.2.t1.pre_start.0"
    assert (body["Image"], body["Env"]) == ("init", ["SLOT=2"])
    assert body["HostConfig"]["VolumesFrom"] == ["db", "c1"]
    assert "PortBindings" not in body["HostConfig"]
    assert "Healthcheck" not in body
    assert list(body["NetworkingConfig"]["EndpointsConfig"]) == ["shop_back"]
    assert (body["Labels"][labels.STEP_OF], body["Labels"][labels.STEP]) == ("t1", "0")
    assert not {labels.TASK, labels.TASK_ID, labels.TASK_NAME} & {*body["Labels"]}


@pytest.mark.parametrize(
    ("behaviour", "error"),
    [
        (Behaviour(lives=1.0, exit=3), "pre_start[0]: exit code 3"),
        (Behaviour(start_refused="no such file"), "pre_start[0]: no such file"),
        (Behaviour(refused="no space left on device"), "pre_start[0]: no space left on device"),
    ],
)
def test_a_failure_is_the_tasks(behaviour: Behaviour, error: str) -> None:
    it = Agent(PreStartSpec(INIT), init=behaviour)

    it.run(2.0)

    assert (it.task.state, it.task.error) == (TaskState.FAILED, error)
    assert "start" not in it.done


def test_one_that_failed_stays_to_be_looked_at_until_its_task_is_forgotten() -> None:
    it = Agent(PreStartSpec(INIT), init=Behaviour(lives=1.0, exit=3))
    it.run(2.0)
    assert it.names() == ["shop_web.1.t1", "shop_web.1.t1.pre_start.0"]

    it.execute(removal(it.cluster, it.task), it.cluster)

    assert it.names() == []


@pytest.mark.parametrize(
    ("says", "words"),
    [
        ((("stdout", "at work"), ("stderr", "no table"), ("stdout", "bye")), "no table"),
        (
            (("stdout", "one"), ("stdout", ""), ("stdout", "two"), ("stdout", "three"), ("stdout", "4")),
            "two / three / 4",
        ),
        ((), ""),
    ],
)
def test_its_last_words(says: tuple[tuple[str, str], ...], words: str) -> None:
    it = Agent(PreStartSpec(INIT), init=Behaviour(lives=1.0, exit=3, says=says))
    it.run(2.0)
    (info,) = (info for info in it.engine.containers(STACK) if "pre_start" in info.name)

    assert last_words(it.engine, info.id) == words
    (seen,) = step_ended(it.engine, "t1", 0, info)
    assert seen == StepEnded("t1", 0, 3, words)


def test_a_manager_that_died_between_finds_what_runs_and_what_has_run() -> None:
    it = Agent(PreStartSpec(INIT), PreStartSpec(INIT))
    it.turn()
    before = it.cluster
    it.turn()
    assert it.task.step_container

    for wait in (0.0, 2.0):
        it.clock.advance(wait)
        it.cluster = before
        (operation,) = it.turn()
        assert (operation.verb, operation.step) == (Verb.PRE_START, 0)
        assert sum("pre_start" in name for name in it.names()) == 1
    it.run(3.0)

    assert it.task.state == TaskState.RUNNING
    assert it.names() == ["shop_web.1.t1"]


def test_one_that_was_started_needs_nothing_more_of_the_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    """If making it again could fail, its task would fail, and the next one would run it a second time."""
    it = Agent(PreStartSpec(INIT))
    it.turn()
    before = it.cluster
    it.turn()
    it.cluster = before

    def away(*_: object) -> None:
        raise StackferryError("the network does not answer", "")

    monkeypatch.setattr(it.provision, "everything", away)
    monkeypatch.setattr(it.engine, "connect", away)
    it.run(3.0)

    assert (it.task.state, it.task.error) == (TaskState.RUNNING, "")


def test_a_survey_that_began_before_its_start_does_not_miss_it() -> None:
    it = Agent(PreStartSpec(INIT))
    it.turn()
    (operation,) = operations(it.cluster, ())
    it.cluster = it.cluster.with_task(begin(it.task, operation, it.clock.now))
    it.clock.advance(1.0)
    begun, containers = it.clock.now, it.engine.containers(STACK)
    it.clock.advance(1.0)
    for seen in it.execute(operation, it.cluster):
        it.cluster = observe(it.cluster, seen, it.clock.now)
    assert it.task.step_container

    assert survey(it.cluster, containers, begun, it.clock.now).seen == ()


def test_what_was_missed_is_found_by_the_survey() -> None:
    it = Agent(PreStartSpec(INIT))
    it.turn()
    it.turn()
    step = it.task.step_container
    it.clock.advance(2.0)
    it.events.take()

    def seen() -> Iterator[str]:
        found = survey(it.cluster, it.engine.containers(STACK), it.clock.now, it.clock.now)
        yield from map(str, found.seen)

    assert any("StepEnded(task_id='t1', step=0, exit_code=0" in one for one in seen())
    it.engine.remove(step)
    assert any("exit_code=-1" in one for one in seen())


def test_one_whose_task_is_forgotten_is_left_over() -> None:
    it = Agent(PreStartSpec(INIT))
    it.turn()
    it.turn()

    found = survey(Cluster(it.cluster.nodes), it.engine.containers(STACK), it.clock.now, it.clock.now)

    assert sorted(info.name for info in found.leftovers) == ["shop_web.1.t1", "shop_web.1.t1.pre_start.0"]
