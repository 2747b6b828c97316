"""Which services run an image that was rebuilt."""

from dataclasses import replace
from random import Random

import pytest

from stackferry.emulator.cluster.container import ContainerSpec
from stackferry.emulator.cluster.objects import Cluster, Task
from stackferry.emulator.cluster.spec import ServiceSpec, TaskTemplate
from stackferry.emulator.cluster.state import TaskState
from stackferry.emulator.control.change import create_service
from stackferry.emulator.engine.image import ImageInfo
from stackferry.emulator.fake.clock import VirtualClock
from stackferry.emulator.fake.engine import FakeEngine
from stackferry.images.outdated import outdated

SPEC = ServiceSpec("web", task=TaskTemplate(container=ContainerSpec("mine")))


@pytest.fixture
def engine() -> FakeEngine:
    """With an image that tasks are made from before it changes."""
    return FakeEngine(VirtualClock(), images=["mine", "other"])


def with_tasks(engine: FakeEngine, *states: TaskState) -> Cluster:
    """A service with tasks, the oldest first. Each is made when the one before has its image of then."""
    cluster = create_service(Cluster(), SPEC, 0.0, Random(0))
    (service,) = cluster.services.values()
    tasks = {}
    for number, state in enumerate(states):
        container = engine.create(f"web.{len(engine.containers({}))}", {"Image": "mine"})
        task = Task(str(number), service.id, 1, SPEC.task, state=state, created_at=number, container_id=container)
        tasks[task.id] = task.told(TaskState.SHUTDOWN) if task.ended else task
    return replace(cluster, tasks=tasks)


def built_again(engine: FakeEngine) -> None:
    engine.add_image("mine", ImageInfo("sha256:new"))


@pytest.mark.parametrize("states", [(TaskState.RUNNING,), (TaskState.FAILED, TaskState.COMPLETE)])
def test_the_image_was_built_again(engine: FakeEngine, states: tuple[TaskState, ...]) -> None:
    """What has done its work, too: it may have other work to do."""
    cluster = with_tasks(engine, *states)
    assert list(outdated(engine, cluster, [SPEC])) == []

    built_again(engine)

    assert list(outdated(engine, cluster, [SPEC])) == ["web"]


def test_what_runs_counts_and_of_that_the_oldest(engine: FakeEngine) -> None:
    before = with_tasks(engine, TaskState.COMPLETE)
    built_again(engine)
    (ended,) = before.tasks.values()
    after = with_tasks(engine, TaskState.COMPLETE, TaskState.RUNNING)
    after = replace(after, tasks={**after.tasks, "0": ended})

    assert list(outdated(engine, after, [SPEC])) == []


def test_nothing_ran_or_nothing_is_known(engine: FakeEngine) -> None:
    """A service that is new, another image, containers and images that are gone."""
    cluster = with_tasks(engine, TaskState.RUNNING)
    other = replace(SPEC, task=TaskTemplate(container=ContainerSpec("other")))
    built_again(engine)

    assert list(outdated(engine, Cluster(), [SPEC])) == []
    assert list(outdated(engine, with_tasks(engine), [SPEC])) == []
    assert list(outdated(engine, cluster, [other])) == []
    engine.remove_image("mine")
    assert list(outdated(engine, cluster, [SPEC])) == []
