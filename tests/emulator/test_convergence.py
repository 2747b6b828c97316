"""What `up` waits for, and what it takes for a failure."""

from dataclasses import replace
from random import Random

import pytest

from emulator.change import create_service, force, update_service
from emulator.convergence import Standing, progress
from emulator.spec import RestartCondition, RestartPolicy, ServiceSpec, TaskTemplate
from emulator.state import UpdateState
from tests.emulator.behaviour import Behaviour
from tests.emulator.test_reconcile import do, only, passed
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

    assert (found.standing, found.running, found.waits_for) == (Standing.CONVERGED, 0, "complete")


@pytest.mark.parametrize(
    ("condition", "code"),
    [(RestartCondition.NONE, 1), (RestartCondition.ON_FAILURE, 1), (RestartCondition.ANY, 0)],
)
def test_a_service_that_gave_up_is_not(condition: RestartCondition, code: int) -> None:
    world = ended(condition, code)

    found = progress(world.cluster, only(world.cluster))

    assert found.standing is Standing.STUCK
    assert "has ended and is not restarted" in found.waits_for


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
        said.add(found.waits_for.partition(" of task")[0])

    assert "update rolled back due to failure or early termination" in said
    assert (found.standing, found.waits_for) == (Standing.CONVERGED, "rollback completed")
