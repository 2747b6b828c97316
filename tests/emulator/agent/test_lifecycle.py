"""What is seen of a task, also twice: a survey tells again what an event told before."""

import pytest

from stackferry.emulator.agent.lifecycle import observe
from stackferry.emulator.cluster.container import ContainerSpec
from stackferry.emulator.cluster.objects import Cluster, Service, Task
from stackferry.emulator.cluster.observation import Died, Observation, Started, Vanished
from stackferry.emulator.cluster.spec import EndpointSpec, PublishedPort, RestartCondition, ServiceSpec, TaskTemplate
from stackferry.emulator.cluster.state import TaskState
from stackferry.emulator.engine.protocol import ContainerInfo
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
