"""How a manager interprets the containers that it finds."""

import pytest

from stackferry.emulator.agent.survey import survey
from stackferry.emulator.cluster.labels import CREATED, SERVICE, TASK_ID, of_stack
from stackferry.emulator.cluster.objects import Cluster, Node, Service
from stackferry.emulator.cluster.spec import ServiceSpec
from stackferry.emulator.engine.protocol import ContainerInfo


def container(name: str, labels: dict[str, str], status: str = "running") -> ContainerInfo:
    return ContainerInfo(name, name, "i", {**of_stack("s"), **labels}, status, started_at=1.0)


def test_a_container_of_no_task_is_left_alone() -> None:
    """`run` makes such, with the labels of its service but for the task's."""
    cluster = Cluster({"n": Node("n", "n")}, {"w": Service("w", ServiceSpec("s_web"))})
    found = (
        container("oneoff", {SERVICE: "s_web"}),
        container("task", {SERVICE: "s_web", TASK_ID: "t1"}),
        container("old", {SERVICE: "s_gone", TASK_ID: "t2"}),
        container("ended", {SERVICE: "s_web", TASK_ID: "t3"}, "exited"),
    )

    seen = survey(cluster, found, 5.0, 5.0)

    assert [*seen.cluster.tasks] == ["t1"]
    assert [info.name for info in seen.leftovers] == ["old", "ended"]


@pytest.mark.parametrize(("label", "expected"), [("3.0", 3.0), ("9000.0", 5.0)])
def test_an_adopted_task_was_never_made_later_than_now(label: str, expected: float) -> None:
    """Its container says when that was, by a clock that may have been wrong, and says so to people still."""
    cluster = Cluster({"n": Node("n", "n")}, {"w": Service("w", ServiceSpec("s_web"))})
    found = container("task", {SERVICE: "s_web", TASK_ID: "t1", CREATED: label})

    task = survey(cluster, [found], 5.0, 5.0).cluster.tasks["t1"]

    assert (task.created_at, task.at, task.created_on) == (expected, 5.0, float(label))
