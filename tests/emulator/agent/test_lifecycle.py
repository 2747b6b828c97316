"""Observations of a task, also repeated ones: a survey reports again what an event has reported."""

import pytest

from stackferry.emulator.agent.lifecycle import observe
from stackferry.emulator.cluster.container import ContainerSpec
from stackferry.emulator.cluster.labels import STEP, STEP_OF, TASK_ID
from stackferry.emulator.cluster.objects import Cluster, Service, Task
from stackferry.emulator.cluster.observation import Died, Observation, Prepared, Started, StepStarted, Vanished
from stackferry.emulator.cluster.spec import EndpointSpec, PublishedPort, RestartCondition, ServiceSpec, TaskTemplate
from stackferry.emulator.cluster.state import TaskState
from stackferry.emulator.engine.protocol import ContainerInfo, EngineEvent
from stackferry.emulator.manager.watch import observations
from tests.emulator.control.test_convergence import ended


@pytest.mark.parametrize("seen", [Died, Vanished])
def test_a_complete_task_stays_complete(seen: type) -> None:
    """Else nobody knows any more that it ended well, and who waits for that waits for ever."""
    cluster = ended(RestartCondition.NONE, 0).cluster
    (task,) = cluster.tasks.values()
    assert (task.state, task.desired) == (TaskState.COMPLETE, TaskState.SHUTDOWN)
    again: Observation = Died(task.id, 0) if seen is Died else Vanished(task.id)

    (after,) = observe(cluster, again, 99.0).tasks.values()

    assert (after.state, after.at) == (task.state, task.at)


def test_a_port_of_the_engines_choice_is_the_one_that_is_held() -> None:
    """`ps` shows it as docker does: *:32768->80/tcp, never *:0."""
    ports = (PublishedPort(80, 0, mode="host"), PublishedPort(81, 8081, mode="host"), PublishedPort(82, 8082))
    web = Service(
        "w", ServiceSpec("s_web", task=TaskTemplate(ContainerSpec("image")), endpoint=EndpointSpec("vip", ports))
    )
    task = Task("t", "w", 1, web.spec.task, state=TaskState.STARTING, endpoint=web.spec.endpoint)
    info = ContainerInfo(
        "c", "c", "image", {}, "running", ports={"80/tcp": (("127.0.0.1", "32768"),), "81/tcp": (("", "8081"),)}
    )

    cluster = Cluster(services={"w": web}, tasks={"t": task})
    (after,) = observe(cluster, Started("t", "c", ports=info.chosen_ports), 1.0).tasks.values()

    assert [(one.target, one.published) for one in after.held] == [(80, 32768), (81, 8081)]
    assert task.held == ()


def test_a_container_that_was_made_and_taken_away_again_is_not_the_task() -> None:
    """While a task is prepared its container may have to be made once more: the engine tells that the first is gone."""
    web = Service("w", ServiceSpec("s_web", task=TaskTemplate(ContainerSpec("image"))))
    preparing = Task("t", "w", 1, web.spec.task, desired=TaskState.RUNNING, state=TaskState.PREPARING)
    cluster = Cluster(services={"w": web}, tasks={"t": preparing})
    (gone,) = observations(EngineEvent("destroy", "first", "name", {TASK_ID: "t"}))

    assert observe(cluster, gone, 1.0) == cluster

    cluster = observe(observe(cluster, Prepared("t", "second"), 2.0), gone, 3.0)
    assert cluster.tasks["t"].state is TaskState.READY
    (gone,) = observations(EngineEvent("destroy", "second", "name", {TASK_ID: "t"}))
    assert observe(cluster, gone, 4.0).tasks["t"].state is TaskState.FAILED


def test_an_init_container_that_was_made_and_taken_away_again_is_not_the_step() -> None:
    web = Service("w", ServiceSpec("s_web", task=TaskTemplate(ContainerSpec("image"))))
    task = Task("t", "w", 1, web.spec.task, desired=TaskState.RUNNING, state=TaskState.STARTING)
    cluster = Cluster(services={"w": web}, tasks={"t": task})

    def gone(container: str) -> Observation:
        (seen,) = observations(EngineEvent("destroy", container, "name", {STEP_OF: "t", STEP: "0"}))
        return seen

    assert observe(cluster, gone("first"), 1.0) == cluster
    cluster = observe(cluster, StepStarted("t", 0, "second"), 2.0)
    assert observe(cluster, gone("first"), 3.0) == cluster
    assert observe(cluster, gone("second"), 4.0).tasks["t"].state is TaskState.FAILED
