"""Scheduled jobs in whole passes: firings missed without a manager, and changes of the time of day."""

from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest

from stackferry.emulator.cluster.spec import (
    Mode,
    RestartCondition,
    RestartPolicy,
    ScheduleSpec,
    ServiceSpec,
    TaskTemplate,
)
from stackferry.emulator.control.change import create_service, start_service, stop_service, update_service
from stackferry.emulator.orchestrator.firings.orchestrate import LOOK, REMEMBERED
from stackferry.emulator.orchestrator.reconcile import reconcile
from tests.emulator.behaviour import Behaviour
from tests.emulator.orchestrator.test_reconcile import only
from tests.emulator.world import DAY, World


def world(*schedules: ScheduleSpec, lives: float = 10.0) -> World:
    it = World()
    task = TaskTemplate(container=Behaviour(lives=lives), restart=RestartPolicy(RestartCondition.NONE))  # type: ignore[arg-type]
    spec = ServiceSpec("tick", Mode.REPLICATED_JOB, 1, 1, task, schedules=schedules)
    it.cluster = create_service(it.cluster, spec, 0.0, Random(1))
    return it


def run(it: World, until: float) -> list[tuple[str, int]]:
    """What became of the firings: the result, and the minute it was for."""
    list(it.run_until(until))
    return [(one.result, (one.moment - int(DAY.timestamp())) // 60) for one in only(it.cluster).past]


@pytest.mark.parametrize(
    ("missed_fires", "after"),
    [
        ("one", [("skipped", 10, 2), ("complete", 30, 1), ("complete", 40, 1)]),
        ("skip", [("skipped", 10, 3), ("complete", 40, 1)]),
    ],
)
def test_what_comes_while_no_manager_runs_is_missed(missed_fires: str, after: list[tuple[str, int, int]]) -> None:
    it = world(ScheduleSpec("*/10 * * * *", missed_fires=missed_fires))
    run(it, 100.0)

    # Nobody looks for half an hour, in which three moments come.
    it.now = 35 * 60.0
    found = run(it, 41 * 60.0)

    counts = [one.count for one in only(it.cluster).past]
    assert [(*one, count) for one, count in zip(found, counts, strict=True)] == after


def test_a_manager_that_is_away_for_less_than_a_minute_misses_nothing() -> None:
    it = world(ScheduleSpec("*/10 * * * *", missed_fires="skip"))
    run(it, 590.0)

    it.now = 655.0

    assert run(it, 700.0) == [("complete", 10)]


def test_a_clock_that_is_set_back_fires_nothing_twice() -> None:
    it = world(ScheduleSpec("* * * * *"))
    run(it, 200.0)
    before = only(it.cluster)

    for seconds in (-120.0, -60.0, 0.0):
        day = DAY + timedelta(seconds=it.now + seconds)
        it.cluster, wake_at = reconcile(it.cluster, it.now, Random(2), day=day)

        assert only(it.cluster).iteration == before.iteration
        assert wake_at is not None
        assert wake_at - it.now <= LOOK


def test_a_job_that_is_stopped_runs_nothing() -> None:
    it = world(ScheduleSpec("* * * * *"))
    run(it, 70.0)
    it.cluster = stop_service(it.cluster, only(it.cluster).id)
    assert run(it, 400.0) == [("complete", 1)]

    it.cluster = start_service(it.cluster, only(it.cluster).id)

    # What came meanwhile was missed; the last of it is made up for.
    assert run(it, 500.0) == [("complete", 1), ("skipped", 2), ("complete", 6), ("complete", 7), ("complete", 8)]


def test_two_schedules_of_one_job_never_run_at_once() -> None:
    it = world(ScheduleSpec("* * * * *"), ScheduleSpec("*/2 * * * *", concurrency="queue"), lives=30.0)

    # At the second minute both fire: one runs, the other waits for it.
    assert run(it, 290.0) == [("complete", minute) for minute in (1, 2, 2, 3, 4)]
    for cluster in it.run_until(600.0):
        assert sum(not task.ended for task in cluster.tasks.values()) <= 1


def test_history_has_an_end() -> None:
    it = world(ScheduleSpec("* * * * *"), lives=1.0)

    run(it, 60.0 * (REMEMBERED + 20))

    assert len(only(it.cluster).past) == REMEMBERED
    assert len(it.cluster.tasks) <= 6


def test_another_spec_with_the_same_line_goes_on() -> None:
    it = world(ScheduleSpec("*/5 * * * *"))
    run(it, 290.0)
    service = only(it.cluster)
    it.cluster = update_service(it.cluster, service.id, replace(service.spec, labels={"a": "b"}), it.now)

    assert run(it, 320.0) == [("complete", 5)]
