"""The manager's loop when it cannot save, when its state was removed, and when the engine is unreachable."""

import itertools
import threading
import time
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from stackferry.emulator.agent.executor import Executor
from stackferry.emulator.agent.provision import Provision
from stackferry.emulator.cluster.container import ContainerSpec, PreStartSpec
from stackferry.emulator.cluster.objects import Cluster, Node
from stackferry.emulator.cluster.observation import Died, Observation, Prepared, Started
from stackferry.emulator.cluster.operation import Operation, Verb
from stackferry.emulator.cluster.spec import RestartPolicy, ServiceSpec, TaskTemplate
from stackferry.emulator.cluster.state import TaskState
from stackferry.emulator.control.change import create_service, remove_service
from stackferry.emulator.engine.protocol import EngineAwayError
from stackferry.emulator.manager.loop import Done, Loop, Surveyed
from stackferry.emulator.store.directories import Home, discard
from stackferry.emulator.store.store import Store, StoreError


class FullStore(Store):
    """Fails to save, or to begin, as long as it is told to."""

    failing = ""

    def save(self, before: Cluster, after: Cluster) -> None:
        if self.failing == "save":
            raise StoreError("database or disk is full")
        super().save(before, after)

    def written_by_others(self) -> bool:
        if self.failing == "begin":
            raise StoreError("database is locked")
        return super().written_by_others()


class Harness:
    """A loop whose operations are kept, to be told of as done."""

    def __init__(self, folder: Path) -> None:
        self.place = Home(folder / "shop")
        self.store = FullStore(self.place.database)
        self.other = Store(self.place.database)
        self.begun: list[Operation] = []
        self.other.change(lambda cluster: create_service(_with_node(cluster), _spec(), 1.0, Random(1)))
        self.loop = Loop(self.store, lambda *_: (), lambda: 100.0, Random(2))
        self.loop._begin = self._begin  # type: ignore[method-assign]
        self.loop.turn([Surveyed((), 0.0)])

    def _begin(self, operation: Operation) -> None:
        self.loop.busy.add(operation.task_id)
        self.begun.append(operation)

    def done(self, *seen: Observation) -> None:
        self.loop.turn([Done(self.begun[-1], seen)])

    def run(self) -> str:
        """Have the service's only task run; gives its id."""
        (task,) = self.loop.cluster.tasks
        self.done(Prepared(task, "c1"))
        self.done(Started(task, "c1"))
        return task


def _with_node(cluster: Cluster) -> Cluster:
    return Cluster({"n1": Node("n1", "n1", nano_cpus=10**9, memory=1 << 30)}, cluster.services)


def _spec() -> ServiceSpec:
    return ServiceSpec(name="shop_web", replicas=1, task=TaskTemplate(container=ContainerSpec("bb")))


@pytest.mark.parametrize("failing", ["save", "begin"])
def test_what_was_seen_while_nothing_can_be_saved_is_not_lost(tmp_path: Path, failing: str) -> None:
    it = Harness(tmp_path)
    task = it.run()
    it.store.failing = failing

    it.loop.turn([Died(task, 1)])

    assert it.loop.cluster.tasks[task].state == TaskState.FAILED
    it.store.failing = ""
    it.loop.turn([])
    assert it.other.load().tasks[task].exit_code == 1


def test_a_container_is_removed_once_though_nothing_can_be_saved(tmp_path: Path) -> None:
    it = Harness(tmp_path)
    task = it.run()
    it.other.change(lambda cluster: remove_service(cluster, next(iter(cluster.services))))
    it.loop.turn([])
    it.store.failing = "save"
    it.done(Died(task, 0))

    for _ in range(3):
        it.done()

    assert [(one.verb, one.container_id) for one in it.begun if one.verb is Verb.REMOVE] == [(Verb.REMOVE, "c1")]


def test_a_manager_whose_state_was_removed_ends(tmp_path: Path) -> None:
    it = Harness(tmp_path)
    begun = len(it.begun)
    discard(it.place)

    it.loop.turn([])

    assert it.loop.stopping
    assert len(it.begun) == begun


class Absent:
    """An engine that is not there."""

    def __getattr__(self, name: str) -> object:
        def call(*_: object, **__: object) -> None:
            raise EngineAwayError("cannot connect to the Docker daemon at unix:///x: is the Docker daemon running?")

        return call


@pytest.mark.parametrize("verb", Verb)
def test_an_engine_that_is_away_is_no_fault_of_a_task(tmp_path: Path, verb: Verb) -> None:
    it = Harness(tmp_path)
    task = it.run()
    engine = Absent()
    provision = Provision(engine, it.store, None, "shop")  # type: ignore[arg-type]
    execute = Executor(engine, provision, lambda _: None)  # type: ignore[arg-type]

    container = ContainerSpec("bb", pre_start=(PreStartSpec(ContainerSpec("init")),))
    known = it.loop.cluster.tasks[task]
    cluster = it.loop.cluster.with_task(replace(known, template=replace(known.template, container=container)))

    assert execute(Operation(verb, task, "shop_web.1", "", container_id="c1", step=0), cluster) == ()


def test_the_loop_waits_by_its_clock_whatever_the_time_of_day_is(tmp_path: Path) -> None:
    """A task's restart delay of half a second, in which the day goes back by an hour at each look."""
    store = Store(tmp_path / "store.db")
    task = TaskTemplate(container=ContainerSpec("bb"), restart=RestartPolicy(delay=0.5))
    store.change(lambda cluster: create_service(_with_node(cluster), ServiceSpec("web", task=task), 1.0, Random(1)))
    started: list[float] = []
    days = itertools.count(1_700_000_000, -3600)

    def execute(operation: Operation, _: Cluster) -> tuple[Observation, ...]:
        if operation.verb is not Verb.START:
            return (Prepared(operation.task_id, operation.task_id),)
        started.append(time.monotonic())
        return (Started(operation.task_id, operation.task_id),)

    loop = Loop(store, execute, time.monotonic, Random(2), wall=lambda: float(next(days)))
    loop.post(Surveyed((), time.monotonic()))
    thread = threading.Thread(target=loop.run, args=(lambda _: len(started) > 1,))
    thread.start()
    while not started:
        time.sleep(0.01)
    (first,) = loop.cluster.tasks
    died = time.monotonic()
    loop.post(Died(first, 1))
    thread.join(20.0)

    assert not thread.is_alive()
    assert 0.5 <= started[1] - died < 5.0
    dates = [event.at for event in store.events()]
    assert dates == sorted(dates, reverse=True)
