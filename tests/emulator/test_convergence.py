"""What `up` waits for, and what it takes for a failure."""

from dataclasses import replace
from random import Random

import pytest

from emulator.change import create_service
from emulator.convergence import Standing, progress
from emulator.spec import RestartCondition, RestartPolicy, ServiceSpec, TaskTemplate
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
