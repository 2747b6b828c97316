"""The restart supervisor beside an update."""

from random import Random

import pytest

from stackferry.emulator.cluster.spec import RestartCondition, RestartPolicy, ServiceSpec, TaskTemplate, UpdateConfig
from stackferry.emulator.cluster.state import TaskState
from stackferry.emulator.control.change import create_service, start_service, stop_service, update_service
from stackferry.emulator.control.convergence import progress
from stackferry.emulator.control.progress import Standing
from tests.emulator.behaviour import Behaviour
from tests.emulator.orchestrator.test_reconcile import do, only, passed, spec
from tests.emulator.world import World


def test_a_task_that_dies_while_its_successor_comes_is_not_replaced_once_more() -> None:
    """Two of them would run in the slot, for good where the update was paused meanwhile."""
    world = World()
    config = UpdateConfig(monitor=1.0, order="start-first", failure_action="pause")
    world.cluster = create_service(world.cluster, spec(1, update=config), 0.0, Random(0))
    passed(world, 5.0)
    (old,) = world.cluster.tasks.values()
    do(world, "version", "2")
    passed(world, 0.2)
    assert len([task for task in world.cluster.tasks.values() if task.wanted]) == 2

    world.crash(old, 1)
    passed(world, 0.2)

    (new,) = (task for task in world.cluster.tasks.values() if task.wanted)
    assert new.version == only(world.cluster).version
    passed(world, 20.0)
    assert [task.id for task in world.cluster.tasks.values() if task.state == TaskState.RUNNING] == [new.id]


@pytest.mark.parametrize("condition", list(RestartCondition))
@pytest.mark.parametrize("lives", [None, 0.5])
@pytest.mark.parametrize("by", ["start", "up"])
def test_a_stopped_service_runs_again_whatever_its_policy(
    condition: RestartCondition, lives: float | None, by: str
) -> None:
    """`restart: "no"` is about ends of its own; `stop` and `start` are the user's."""
    policy = RestartPolicy(condition, delay=1.0, max_attempts=1)
    task = TaskTemplate(restart=policy, container=Behaviour(lives=lives, exit=0))  # type: ignore[arg-type]
    world = World()
    world.cluster = create_service(world.cluster, ServiceSpec("web", task=task), 0.0, Random(0))
    passed(world, 20.0)
    service = only(world.cluster)
    world.cluster = stop_service(world.cluster, service.id)
    passed(world, 20.0)
    before = set(world.cluster.tasks)
    assert all(task.ended for task in world.cluster.tasks.values())

    if by == "start":
        world.cluster = start_service(world.cluster, service.id)
    else:
        world.cluster = update_service(world.cluster, service.id, service.spec, world.now)
    assert progress(world.cluster, only(world.cluster)).standing is Standing.WORKING
    passed(world, 0.4)

    assert [one.started_at is not None for one in world.cluster.tasks.values() if one.id not in before] == [True]
