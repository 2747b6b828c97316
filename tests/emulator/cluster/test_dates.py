"""Dates: the time of day beside the stack's clock, set for what a pass has changed and for nothing else."""

from dataclasses import replace

from stackferry.emulator.cluster.dates import dated
from stackferry.emulator.cluster.objects import Cluster, Service, Task, UpdateStatus
from stackferry.emulator.cluster.spec import ServiceSpec, TaskTemplate
from stackferry.emulator.cluster.state import TaskState, UpdateState

NOW, WALL = 5000.0, 1400.0


def of(*tasks: Task) -> Cluster:
    return Cluster(tasks={task.id: task for task in tasks})


def task(at: float) -> Task:
    return Task("t", "s", 1, TaskTemplate(), created_at=at, at=at)


def test_a_new_task_has_the_time_of_day() -> None:
    found = dated(Cluster(), of(task(NOW)), NOW, WALL).tasks["t"]

    assert (found.created_at, found.at) == (NOW, NOW)
    assert (found.created_on, found.since) == (WALL, WALL)


def test_a_task_that_moves_on_keeps_the_date_of_its_creation() -> None:
    """The clock was set back by an hour meanwhile."""
    before = dated(Cluster(), of(task(NOW)), NOW, WALL)
    moved = before.tasks["t"].moved(TaskState.RUNNING, NOW + 10, "started")

    found = dated(before, of(moved), NOW + 10, WALL - 3590).tasks["t"]

    assert (found.created_on, found.since) == (WALL, WALL - 3590)


def test_what_has_not_moved_is_the_same_value() -> None:
    before = dated(Cluster(), of(task(NOW)), NOW, WALL)

    after = dated(before, before, NOW + 10, WALL + 99)

    assert after.tasks["t"] is before.tasks["t"]


def test_a_task_from_before_there_were_dates_shows_what_it_has() -> None:
    assert (task(7.0).created_on, task(7.0).since) == (7.0, 7.0)


def test_an_update_has_the_time_of_day_alone() -> None:
    service = Service("s", ServiceSpec("web"), created_at=WALL - 50, updated_at=WALL - 50)
    begun = replace(service, update=UpdateStatus(UpdateState.UPDATING, "update in progress", NOW))
    first = dated(Cluster(services={"s": service}), Cluster(services={"s": begun}), NOW, WALL).services["s"]
    assert first.update is not None
    assert (first.update.started_at, first.updated_at) == (WALL, WALL - 50)

    status = replace(first.update, state=UpdateState.COMPLETED, completed_at=NOW + 9)
    over = Cluster(services={"s": replace(first, update=status)})
    last = dated(Cluster(services={"s": first}), over, NOW + 9, WALL + 9).services["s"]

    assert last.update is not None
    assert (last.update.started_at, last.update.completed_at) == (WALL, WALL + 9)


def test_what_a_command_has_written_stays() -> None:
    """It has come in before the pass, with the time of day."""
    status = UpdateStatus(UpdateState.ROLLBACK_STARTED, "manually requested rollback", WALL - 1)
    service = Service("s", ServiceSpec("web"), updated_at=WALL - 1, update=status)
    before = Cluster(services={"s": service})
    after = Cluster(services={"s": replace(service, iteration=1)})

    found = dated(before, after, NOW, WALL).services["s"]

    assert (found.update, found.updated_at) == (status, WALL - 1)
