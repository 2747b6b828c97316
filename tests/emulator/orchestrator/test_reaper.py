"""Nodes that leave: drained first, then forgotten."""

from dataclasses import replace
from random import Random

import pytest

from stackferry.emulator.cluster.objects import Node
from stackferry.emulator.cluster.spec import Mode, RestartPolicy, ServiceSpec, TaskTemplate
from stackferry.emulator.cluster.state import TaskState
from stackferry.emulator.control.change import create_service
from stackferry.emulator.control.convergence import progress
from stackferry.emulator.control.progress import Standing
from tests.emulator.orchestrator.test_reconcile import SLOW, only, passed
from tests.emulator.world import World


def spread(mode: Mode) -> World:
    """A service on two nodes."""
    world = World()
    second = Node("n2", "n2", address="127.0.0.2", nano_cpus=4_000_000_000, memory=8 << 30)
    world.cluster = replace(world.cluster, nodes={**world.cluster.nodes, "n2": second})
    task = TaskTemplate(restart=RestartPolicy(delay=1.0), container=SLOW)  # type: ignore[arg-type]
    spec = ServiceSpec("web", mode, 4 if mode is Mode.REPLICATED else 1, task=task)
    world.cluster = create_service(world.cluster, spec, 0.0, Random(0))
    passed(world, 10.0)
    return world


def leave(world: World, *, ready: bool = True) -> None:
    node = replace(world.cluster.nodes["n2"], availability="drain", leaving=True, ready=ready)
    world.cluster = replace(world.cluster, nodes={**world.cluster.nodes, "n2": node})


@pytest.mark.parametrize("mode", [Mode.REPLICATED, Mode.GLOBAL])
@pytest.mark.parametrize("ready", [True, False])
def test_a_node_leaves_when_its_last_task_has_ended(mode: Mode, ready: bool) -> None:
    world = spread(mode)
    there = {task.id for task in world.cluster.tasks.values() if task.node_id == "n2"}
    leave(world, ready=ready)
    assert progress(world.cluster, only(world.cluster)).standing is Standing.WORKING

    seen = passed(world, 20.0)

    for cluster in seen:
        alive = any(not task.ended for task in cluster.tasks.values() if task.node_id == "n2")
        assert "n2" in cluster.nodes or not alive
    cluster = world.cluster
    running = [one for one in cluster.tasks.values() if one.wanted and one.state == TaskState.RUNNING]
    assert set(cluster.nodes) == {"n1"}
    assert [one.node_id for one in running] == ["n1"] * (4 if mode is Mode.REPLICATED else 1)
    assert progress(cluster, only(cluster)).standing is Standing.CONVERGED
    # The slot of a global service is its node: no history is kept of one that is gone.
    assert bool(there & set(cluster.tasks)) is (mode is Mode.REPLICATED)


def test_a_node_without_tasks_goes_at_once() -> None:
    world = World()
    world.cluster = replace(world.cluster, nodes={**world.cluster.nodes, "n2": Node("n2", "n2")})
    leave(world)
    passed(world, 0.0)

    assert set(world.cluster.nodes) == {"n1"}
