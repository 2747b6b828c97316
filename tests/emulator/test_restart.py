"""The restart supervisor beside an update."""

from random import Random

from emulator.change import create_service
from emulator.spec import UpdateConfig
from emulator.state import TaskState
from tests.emulator.test_reconcile import do, only, passed, spec
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
