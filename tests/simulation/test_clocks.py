"""The real loop on a machine whose clock is set, that sleeps and boots: every duration has its full length.

Durations are in true time, which no clock of the machine shows. Each engine call takes up to a second.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest

from stackferry.emulator.cluster import labels
from stackferry.emulator.cluster.objects import Cluster, Task
from stackferry.emulator.cluster.operation import Operation, Verb
from stackferry.emulator.cluster.spec import RestartPolicy, ServiceSpec, UpdateConfig
from stackferry.emulator.cluster.state import TaskState, UpdateState
from stackferry.emulator.control.change import update_service
from tests.simulation.machine import DAY, HOUR
from tests.simulation.simulation import STEP, SimulatedLoop, Simulation

CALLS = 3.0
"""Seconds in which a task that may run is made, started, and seen to run."""


class Quiet(Simulation):
    """One task of one service, and no faults."""

    def __init__(
        self,
        restart: RestartPolicy = RestartPolicy(delay=3.0),  # noqa: B008 - a frozen value
        behaviour: str = "",
        monitor: float = 30.0,
    ) -> None:
        self.restart, self.behaviour, self.monitor = restart, behaviour, monitor
        super().__init__(1)
        self.run(CALLS)

    def start_manager(self) -> None:
        self.faults.active = False
        super().start_manager()

    def _spec(self, replicas: int) -> ServiceSpec:
        spec = super()._spec(1)
        container = spec.task.container
        assert container is not None
        env = (*container.env, f"STACKFERRY_BEHAVIOUR={self.behaviour}")
        task = replace(spec.task, container=replace(container, env=env), restart=self.restart)
        return replace(spec, task=task, update=UpdateConfig(monitor=self.monitor))

    def task(self) -> Task:
        return list(self.store.cluster.tasks.values())[-1]

    def runs(self) -> bool:
        return any(task.state == TaskState.RUNNING and task.wanted for task in self.store.cluster.tasks.values())

    def restarts(self) -> int:
        return sum(one.total for one in self.store.cluster.history.values())

    def seconds_until(self, holds: Callable[[], bool], at_most: float) -> float:
        begun = self.clock.now
        while not holds():
            assert self.clock.now - begun < at_most, f"not in {at_most} s"
            self.run(STEP)
        return self.clock.now - begun

    def kill(self) -> None:
        """End the task that runs, and let the manager see it."""
        (info,) = (one for one in self.engine.containers({labels.STACK: "sim"}) if one.running)
        self.engine.kill(info.id)
        self.run(STEP)
        assert self.task().state < TaskState.RUNNING


SET: dict[str, Callable[[Quiet], None]] = {
    "an hour back": lambda it: it.machine.set_clock(-HOUR),
    "an hour forward": lambda it: it.machine.set_clock(HOUR),
    "a day back": lambda it: it.machine.set_clock(-DAY),
    "a day forward": lambda it: it.machine.set_clock(DAY),
    "asleep": lambda it: it.machine.sleep(HOUR),
}


@pytest.mark.parametrize("how", SET)
def test_a_task_is_healed_after_its_delay_neither_sooner_nor_later(how: str) -> None:
    it = Quiet()
    it.kill()

    SET[how](it)

    assert 3.0 - 2 * STEP <= it.seconds_until(it.runs, 10.0) <= 3.0 + CALLS


def test_a_clock_that_is_set_back_and_put_right_again_delays_nothing() -> None:
    it = Quiet()
    it.kill()

    it.machine.set_clock(-HOUR)
    it.run(1.0)
    it.machine.set_clock(HOUR)

    assert it.seconds_until(it.runs, 10.0) <= 2.0 + CALLS


@pytest.mark.parametrize("how", SET)
def test_the_next_manager_goes_on_with_the_delay(how: str) -> None:
    it = Quiet()
    it.kill()
    it.kill_manager()

    SET[how](it)
    it.start_manager()

    assert 3.0 - 2 * STEP <= it.seconds_until(it.runs, 10.0) <= 3.0 + CALLS


@pytest.mark.parametrize("by", [-DAY, -HOUR])
def test_a_boot_with_a_clock_that_is_behind_delays_nothing_by_more_than_it_was_to_wait(by: float) -> None:
    it = Quiet()
    it.kill()
    it.kill_manager()
    it.machine.boot()
    it.machine.set_clock(by)

    it.start_manager()

    assert it.seconds_until(it.runs, 10.0) <= 3.0 + CALLS
    dates = [task.created_date for task in it.store.cluster.tasks.values()]
    assert dates[-1] is not None
    assert dates[0] is not None
    it.kill()
    assert it.task().created_date == pytest.approx(it.machine.wall(), abs=1.0)
    assert [task.created_at for task in it.store.cluster.tasks.values()] == sorted(
        task.created_at for task in it.store.cluster.tasks.values()
    )


@pytest.mark.parametrize("how", SET)
def test_an_update_watches_its_tasks_for_as_long_as_it_is_to(how: str) -> None:
    it = Quiet(monitor=30.0)
    it.version = 2
    it.store.change(lambda cluster: update_service(cluster, it.service.id, it._spec(1), it.machine.wall()))
    it.seconds_until(lambda: it.service.rollout is not None and it.service.rollout.finish_at is not None, 20.0)

    SET[how](it)

    def over() -> bool:
        return it.service.update is not None and it.service.update.state is UpdateState.COMPLETED

    assert 30.0 - 2 * STEP <= it.seconds_until(over, 40.0) <= 30.0 + 2 * STEP


@pytest.mark.parametrize("how", SET)
def test_restarts_of_the_window_are_counted_whatever_the_clock_says(how: str) -> None:
    it = Quiet(RestartPolicy(delay=0.0, max_attempts=2, window=60.0), "crashing")
    it.seconds_until(lambda: it.restarts() == 1, 10.0)

    SET[how](it)
    it.run(40.0)

    assert it.restarts() == 2
    assert not it.runs()


class Deaf(Quiet):
    """A task that needs its whole grace of twenty seconds to end."""

    def schedule(self, loop: SimulatedLoop, operation: Operation, cluster: Cluster) -> None:
        if operation.verb is not Verb.SHUTDOWN:
            super().schedule(loop, operation, cluster)
            return
        later = partial(super().schedule, loop, operation, cluster)
        self.clock.at(self.clock.now + 20.0, later)


@pytest.mark.parametrize("how", SET)
def test_nothing_runs_beside_a_task_that_has_not_used_up_its_grace(how: str) -> None:
    it = Deaf()
    old = it.task()
    node = replace(it.store.cluster.nodes[old.node_id], availability="drain")
    it.store.change(lambda cluster: replace(cluster, nodes={**cluster.nodes, node.id: node}))
    it.run(2.0)

    SET[how](it)

    def over() -> bool:
        return it.store.cluster.tasks[old.id].ended

    assert it.task().id != old.id
    assert it.seconds_until(lambda: over() or it.task().state > TaskState.READY, 30.0) >= 18.0 - 2 * STEP
    assert over()
    assert it.seconds_until(it.runs, 10.0) <= CALLS
