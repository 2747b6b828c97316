"""What `up` waits for, and what it considers a failure."""

from dataclasses import replace
from random import Random

import pytest

from stackferry.emulator.cluster.spec import (
    Mode,
    Placement,
    RestartCondition,
    RestartPolicy,
    ScheduleSpec,
    ServiceSpec,
    TaskTemplate,
    UpdateConfig,
)
from stackferry.emulator.cluster.state import UpdateState
from stackferry.emulator.control.change import (
    create_service,
    force,
    rollback_service,
    stop_service,
    update_service,
)
from stackferry.emulator.control.convergence import has_ended, progress
from stackferry.emulator.control.progress import Standing
from tests.emulator.behaviour import Behaviour
from tests.emulator.orchestrator.test_reconcile import do, only, passed
from tests.emulator.world import World


def ended(condition: RestartCondition, code: int, replicas: int = 1) -> World:
    """A service whose tasks ended by themselves, a while ago."""
    policy = RestartPolicy(condition, delay=1.0, max_attempts=1)
    task = TaskTemplate(restart=policy, container=Behaviour(lives=0.5, exit=code))  # type: ignore[arg-type]
    world = World()
    world.cluster = create_service(world.cluster, ServiceSpec("init", replicas=replicas, task=task), 0.0, Random(0))
    passed(world, 20.0)
    return world


@pytest.mark.parametrize("condition", [RestartCondition.NONE, RestartCondition.ON_FAILURE])
@pytest.mark.parametrize("replicas", [1, 3])
def test_a_service_that_has_done_its_work_is_there(condition: RestartCondition, replicas: int) -> None:
    """An init container: `restart: "no"`, and another one waits for it to complete."""
    world = ended(condition, 0, replicas)

    found = progress(world.cluster, only(world.cluster))

    assert (found.standing, found.running, str(found.waits_for)) == (Standing.CONVERGED, 0, "complete")


@pytest.mark.parametrize(
    ("condition", "code"),
    [(RestartCondition.NONE, 1), (RestartCondition.ON_FAILURE, 1), (RestartCondition.ANY, 0)],
)
def test_a_service_that_gave_up_is_not(condition: RestartCondition, code: int) -> None:
    world = ended(condition, code)

    found = progress(world.cluster, only(world.cluster))

    assert found.standing is Standing.STUCK
    assert "has exited and is not restarted" in str(found.waits_for)


def test_the_work_of_an_older_version_does_not_count() -> None:
    world = ended(RestartCondition.NONE, 0)
    do(world, "version", "2")
    service = only(world.cluster)

    assert progress(world.cluster, service).standing is Standing.WORKING
    assert progress(world.cluster, replace(service, awaiting=True)).standing is Standing.WORKING


@pytest.mark.parametrize(("code", "standing"), [(0, Standing.CONVERGED), (3, Standing.STUCK)])
def test_a_change_that_concerns_no_task_leaves_it_so(code: int, standing: Standing) -> None:
    """Nobody runs it again, so nobody is to wait for that."""
    world = ended(RestartCondition.NONE, code)
    service = only(world.cluster)
    spec = replace(service.spec, labels={"new": "label"})
    world.cluster = update_service(world.cluster, service.id, spec, world.now)
    passed(world, 5.0)

    assert progress(world.cluster, only(world.cluster)).standing is standing


@pytest.mark.parametrize(
    ("code", "replicas", "standing"),
    [(0, 1, Standing.CONVERGED), (3, 1, Standing.STUCK), (0, 2, Standing.CONVERGED)],
)
def test_a_restart_of_what_ends_by_itself(code: int, replicas: int, standing: Standing) -> None:
    """The updater pauses, as a swarm's does: that is no failure if all tasks were replaced and have ended well."""
    world = ended(RestartCondition.NONE, code, replicas)
    world.cluster = force(world.cluster, only(world.cluster).id, world.now)
    passed(world, 20.0)

    service = only(world.cluster)
    assert service.update is not None
    assert service.update.state is UpdateState.PAUSED
    assert progress(world.cluster, service).standing is standing


def test_a_rollback_is_told_while_it_runs_and_when_it_is_done() -> None:
    task = TaskTemplate(container=Behaviour())  # type: ignore[arg-type]
    world = World()
    world.cluster = create_service(world.cluster, ServiceSpec("web", task=task), 0.0, Random(0))
    passed(world, 20.0)
    service = only(world.cluster)
    broken = replace(
        service.spec,
        update=replace(service.spec.update, failure_action="rollback"),
        task=TaskTemplate(container=Behaviour(lives=0.5, exit=1)),  # type: ignore[arg-type]
    )
    world.cluster = update_service(world.cluster, service.id, broken, 20.0)

    said = set()
    for _ in range(200):
        passed(world, 0.25)
        found = progress(world.cluster, only(world.cluster))
        said.add(str(found.waits_for).partition(" of task")[0])

    assert "update rolled back due to failure or early termination" in said
    assert (found.standing, str(found.waits_for)) == (Standing.CONVERGED, "rollback completed")


def deployed(action: str) -> tuple[World, int]:
    """A service whose update crashes, some time after that; and the version that was asked for."""
    world = started(None)
    passed(world, 20.0)
    service = only(world.cluster)
    broken = replace(
        service.spec,
        update=replace(service.spec.update, failure_action=action),
        task=TaskTemplate(container=Behaviour(lives=0.5, exit=1)),  # type: ignore[arg-type]
    )
    world.cluster = update_service(world.cluster, service.id, broken, world.now)
    return world, only(world.cluster).version


def test_a_deployment_that_was_rolled_back_has_not_become_what_was_wanted() -> None:
    """docker/cli#6752: it converges, but to what was there before."""
    world, asked = deployed("rollback")
    passed(world, 40.0)
    service = only(world.cluster)

    found = progress(world.cluster, service, since=asked)

    assert (found.standing, found.running) == (Standing.ROLLED_BACK, 1)
    assert str(found.waits_for) == "rolled back: web.1: task: non-zero exit (1)"
    # Who deploys after that, or rolls back himself, does not wait for the version that failed.
    assert progress(world.cluster, service, since=service.version).standing is Standing.CONVERGED


def test_a_pause_names_the_task_and_its_end() -> None:
    world, asked = deployed("pause")
    passed(world, 40.0)

    found = progress(world.cluster, only(world.cluster), since=asked)

    assert found.standing is Standing.STUCK
    assert str(found.waits_for).startswith("update paused due to failure or early termination of task ")
    assert str(found.waits_for).endswith(" (web.1: task: non-zero exit (1))")


def test_a_rollback_by_hand_is_what_its_own_command_waits_for() -> None:
    world = started(None)
    passed(world, 20.0)
    service = only(world.cluster)
    new = replace(service.spec, task=TaskTemplate(container=Behaviour(version="2")))  # type: ignore[arg-type]
    world.cluster = update_service(world.cluster, service.id, new, world.now)
    asked = only(world.cluster).version
    world.cluster = rollback_service(world.cluster, service.id, world.now)
    rolled_back = only(world.cluster).version
    passed(world, 20.0)
    service = only(world.cluster)

    assert progress(world.cluster, service, since=rolled_back).standing is Standing.CONVERGED
    found = progress(world.cluster, service, since=asked)
    assert (found.standing, str(found.waits_for)) == (Standing.ROLLED_BACK, "rolled back: by hand")


@pytest.mark.parametrize("condition", [RestartCondition.NONE, RestartCondition.ON_FAILURE])
def test_to_scale_down_what_failed_is_no_failure(condition: RestartCondition) -> None:
    """Neither before the manager has seen it nor after."""
    world = ended(condition, 3, replicas=2)
    assert progress(world.cluster, only(world.cluster)).standing is Standing.STUCK
    do(world, "scale", 0)

    assert progress(world.cluster, only(world.cluster)).standing is Standing.WORKING
    passed(world, 5.0)
    assert progress(world.cluster, only(world.cluster)).standing is Standing.CONVERGED


def test_a_dead_slot_goes_before_one_that_runs() -> None:
    policy = RestartPolicy(RestartCondition.NONE)
    task = TaskTemplate(restart=policy, container=Behaviour())  # type: ignore[arg-type]
    world = World()
    world.cluster = create_service(world.cluster, ServiceSpec("web", replicas=2, task=task), 0.0, Random(0))
    passed(world, 20.0)
    world.crash(next(one for one in world.cluster.tasks.values() if one.slot == 1), 137)
    passed(world, 5.0)
    assert progress(world.cluster, only(world.cluster)).standing is Standing.STUCK
    do(world, "scale", 1)

    assert progress(world.cluster, only(world.cluster)).standing is Standing.WORKING
    passed(world, 5.0)
    found = progress(world.cluster, only(world.cluster))
    assert (found.standing, found.running, found.wanted) == (Standing.CONVERGED, 1, 1)


def started(lives: float | None, *, delay: float = 0.0, monitor: float = 5.0, healthy: bool = False) -> World:
    """A service that was created at 0, with tasks that crash after so many seconds."""
    task = TaskTemplate(
        restart=RestartPolicy(RestartCondition.ANY, delay=delay),
        container=Behaviour(lives=lives, exit=3, health=((0.0, "healthy"),) if healthy else ()),  # type: ignore[arg-type]
        has_healthcheck=healthy,
    )
    world = World()
    spec = ServiceSpec("web", task=task, update=UpdateConfig(monitor=monitor))
    world.cluster = create_service(world.cluster, spec, 0.0, Random(0))
    return world


@pytest.mark.parametrize("delay", [0.0, 5.0])
@pytest.mark.parametrize("lives", [0.01, 1.0])
@pytest.mark.parametrize("steady", [2.0, None])
def test_a_crash_loop_never_counts(delay: float, lives: float, steady: float | None) -> None:
    """Whenever one looks, also at a moment when a task runs."""
    world = started(lives, delay=delay)
    world.overhead = (0.2, 0.2, 0.0)
    said = []
    for _ in range(300):
        passed(world, 0.1)
        said.append(progress(world.cluster, only(world.cluster), now=world.now, steady=steady))

    assert {one.standing for one in said} == {Standing.WORKING, Standing.STUCK}
    assert any(str(one.waits_for).endswith(", after task: non-zero exit (3)") for one in said)
    stuck = next(one for one in said if one.standing is Standing.STUCK)
    assert str(stuck.waits_for) == "web.1 keeps exiting: task: non-zero exit (3)"


@pytest.mark.parametrize(
    ("steady", "monitor", "healthy", "seconds"),
    [
        (0.0, 5.0, False, 0.0),
        (2.0, 5.0, False, 2.0),
        (2.0, 1.0, False, 1.0),
        (2.0, 5.0, True, 0.0),
        (None, 5.0, False, 5.0),
        (None, 5.0, True, 5.0),
        (None, 7.0, False, 7.0),
    ],
)
def test_what_runs_counts_after_a_while(steady: float | None, monitor: float, healthy: bool, seconds: float) -> None:
    """A health check that has passed is proof enough for `up`; docker looks on as long as an update would."""
    world = started(None, monitor=monitor, healthy=healthy)
    passed(world, 0.5)
    service = only(world.cluster)

    (task,) = world.cluster.tasks.values()
    if seconds:
        found = progress(world.cluster, service, now=task.at + seconds - 0.1, steady=steady)
        assert (found.standing, found.running) == (Standing.WORKING, 1)
        assert str(found.waits_for) == "verifying that its tasks are stable"
        assert found.steady_at == task.at + seconds
    assert progress(world.cluster, service, now=task.at + seconds, steady=steady).standing is Standing.CONVERGED


@pytest.mark.parametrize("healthy", [False, True])
def test_what_has_crashed_is_looked_at_longer(healthy: bool) -> None:
    """It may have needed what was not there yet, and runs now; or it does not."""
    world = started(None, healthy=healthy)
    passed(world, 1.0)
    world.crash(next(iter(world.cluster.tasks.values())), 1)
    passed(world, 3.0)
    service = only(world.cluster)

    assert progress(world.cluster, service, now=5.9, steady=2.0).standing is Standing.WORKING
    assert progress(world.cluster, service, now=6.0, steady=2.0).standing is Standing.CONVERGED


def test_a_job_that_is_done_is_done() -> None:
    task = TaskTemplate(container=Behaviour(lives=0.5))  # type: ignore[arg-type]
    world = World()
    spec = ServiceSpec("job", Mode.REPLICATED_JOB, task=task)
    world.cluster = create_service(world.cluster, spec, 0.0, Random(0))
    passed(world, 0.6)

    assert progress(world.cluster, only(world.cluster), now=0.6, steady=None).standing is Standing.CONVERGED


@pytest.mark.parametrize("change", [{"availability": "drain"}, {"labels": {}}])
def test_tasks_whose_node_does_not_suit_them_are_to_move_first(change: dict[str, object]) -> None:
    """Also while the manager has not looked."""
    task = TaskTemplate(container=Behaviour(), placement=Placement(("node.labels.disk==ssd",)))  # type: ignore[arg-type]
    world = World()
    world.change_node("n1", labels={"disk": "ssd"})
    world.cluster = create_service(world.cluster, ServiceSpec("web", task=task), 0.0, Random(0))
    passed(world, 1.0)
    assert progress(world.cluster, only(world.cluster)).standing is Standing.CONVERGED

    world.change_node("n1", **change)

    assert progress(world.cluster, only(world.cluster)).standing is Standing.WORKING


def test_a_job_with_a_schedule_is_there_and_never_over() -> None:
    world = World()
    task = TaskTemplate(container=Behaviour(lives=1.0), restart=RestartPolicy(RestartCondition.NONE))  # type: ignore[arg-type]
    spec = ServiceSpec("web", Mode.REPLICATED_JOB, 1, 1, task, schedules=(ScheduleSpec("* * * * *"),))
    world.cluster = create_service(world.cluster, spec, 0.0, Random(1))

    for until, running in ((1.0, 0), (60.5, 1), (90.0, 0)):
        list(world.run_until(until))
        found = progress(world.cluster, only(world.cluster))
        assert (found.standing, found.running) == (Standing.CONVERGED, running)
        assert not has_ended(world.cluster, only(world.cluster))

    world.cluster = stop_service(world.cluster, only(world.cluster).id)
    list(world.run_until(300.0))
    assert has_ended(world.cluster, only(world.cluster))
    assert len(only(world.cluster).past) == 1
