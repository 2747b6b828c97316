"""Changes by users: refusals, and changes on which the next pass acts."""

from dataclasses import replace
from random import Random

import pytest

from stackferry.emulator.agent.lifecycle import operations
from stackferry.emulator.cluster.container import ContainerSpec
from stackferry.emulator.cluster.objects import Cluster, Node, Service, Task
from stackferry.emulator.cluster.operation import Verb
from stackferry.emulator.cluster.serialize import decode, encode
from stackferry.emulator.cluster.spec import Mode, ServiceSpec, TaskTemplate
from stackferry.emulator.cluster.state import TaskState
from stackferry.emulator.control import change
from stackferry.grammar.diagnostics import StackferryError

TEMPLATE = TaskTemplate(stop_grace=10.0)


def running(spec: ServiceSpec) -> Cluster:
    """A service with one task that runs."""
    service = Service("s1", spec)
    task = Task("t1", "s1", 1, spec.task, node_id="n1", state=TaskState.RUNNING, container_id="c1")
    return Cluster(services={"s1": service}, tasks={"t1": task}, nodes={"n1": Node(id="n1", hostname="n1")})


def web(**fields: object) -> ServiceSpec:
    return replace(ServiceSpec(name="web", task=TEMPLATE), **fields)  # type: ignore[arg-type]


def graces(cluster: Cluster) -> list[float]:
    """The time that each task gets that is to end now."""
    ending = {key: replace(task, desired=TaskState.SHUTDOWN) for key, task in cluster.tasks.items()}
    found = operations(replace(cluster, tasks=ending), ())
    return [one.grace for one in found if one.verb is Verb.SHUTDOWN]


def test_a_grace_reaches_the_tasks_that_there_are_and_is_stored_with_the_service() -> None:
    """Commands write services only: the tasks are the manager's."""
    before = running(web())
    cluster = change.with_grace(before, "s1", 3.0)

    assert cluster.tasks == before.tasks
    assert graces(cluster) == [3.0]
    assert decode(Service, encode(cluster.services["s1"])) == cluster.services["s1"]


def test_a_grace_does_not_reach_the_tasks_that_follow() -> None:
    cluster = change.force(change.with_grace(running(web()), "s1", 3.0), "s1", 0.0)
    old = cluster.tasks["t1"]
    new = replace(old, id="t2", template=cluster.services["s1"].spec.task, version=cluster.services["s1"].version)

    assert graces(replace(cluster, tasks={"t1": old, "t2": new})) == [3.0, 10.0]


def test_a_command_without_a_grace_takes_an_earlier_one_back() -> None:
    cluster = change.with_grace(change.with_grace(running(web()), "s1", 3.0), "s1", None)

    assert graces(cluster) == [10.0]


@pytest.mark.parametrize(
    ("spec", "told"),
    [
        (web(mode=Mode.GLOBAL), "service mode change is not allowed"),
        (web(name="other"), "renaming services is not supported"),
    ],
)
def test_what_an_update_cannot_change(spec: ServiceSpec, told: str) -> None:
    with pytest.raises(StackferryError, match=told):
        change.update_service(running(web()), "s1", spec, 0.0)


def test_a_name_is_taken_until_its_service_is_removed() -> None:
    cluster = running(web())
    with pytest.raises(StackferryError, match="service web already exists"):
        change.create_service(cluster, web(), 0.0, Random(1))

    cluster = change.create_service(change.remove_service(cluster, "s1"), web(), 0.0, Random(1))

    assert [(one.spec.name, one.removed) for one in cluster.services.values()] == [("web", True), ("web", False)]


def test_an_update_with_nothing_new_changes_nothing_but_a_job_runs_again() -> None:
    still, job = running(web()), running(web(mode=Mode.REPLICATED_JOB))

    assert change.update_service(still, "s1", web(), 5.0) is still
    assert change.update_service(job, "s1", web(mode=Mode.REPLICATED_JOB), 5.0).services["s1"].iteration == 1


def test_there_is_nothing_to_roll_back_to_at_first_and_twice_is_back_again() -> None:
    cluster = running(web())
    with pytest.raises(StackferryError, match="does not have a previous spec"):
        change.rollback_service(cluster, "s1", 0.0)

    cluster = change.update_service(cluster, "s1", web(replicas=3), 1.0)
    for replicas in (1, 3):
        cluster = change.rollback_service(cluster, "s1", 2.0)
        assert cluster.services["s1"].spec.replicas == replicas


def test_the_last_manager_stays_one() -> None:
    cluster = running(web())
    node = replace(cluster.nodes["n1"], role="worker")

    with pytest.raises(StackferryError, match="last manager"):
        change.change_node(replace(cluster, nodes={"n1": replace(node, role="manager")}), node)


@pytest.mark.parametrize(
    ("spec", "replicas", "now"),
    [
        (web(max_concurrent=0), 3, (3, 0)),
        (web(mode=Mode.REPLICATED_JOB, replicas=1, max_concurrent=1), 4, (4, 4)),
        (web(task=TaskTemplate(ContainerSpec("i", container_name="it"))), 1, (1, 0)),
        (web(task=TaskTemplate(ContainerSpec("i", container_name="it"))), 0, (0, 0)),
    ],
)
def test_scaling_a_spec(spec: ServiceSpec, replicas: int, now: tuple[int, int]) -> None:
    found = change.scaled(spec, replicas)

    assert (found.replicas, found.max_concurrent) == now


@pytest.mark.parametrize(
    ("spec", "told"),
    [
        (web(mode=Mode.GLOBAL), "web: scale can only be used with replicated or replicated-job mode"),
        (
            web(task=TaskTemplate(ContainerSpec("i", container_name="it"))),
            "web: more than one container cannot be named it",
        ),
    ],
)
def test_what_cannot_be_scaled(spec: ServiceSpec, told: str) -> None:
    with pytest.raises(StackferryError, match=told):
        change.scale_service(running(spec), "s1", 2, 1.0)


def test_nodes_that_may_leave() -> None:
    manager, up, down = Node("m", "m"), Node("u", "u", "worker"), Node("d", "d", "worker", ready=False)
    cluster = Cluster({one.id: one for one in (manager, up, down)})

    with pytest.raises(StackferryError, match="It must be demoted to worker before removal"):
        change.remove_node(cluster, manager, force=True)
    with pytest.raises(StackferryError, match="node u is not down and can't be removed"):
        change.remove_node(cluster, up)
    for after in (change.remove_node(cluster, up, force=True).nodes["u"], change.remove_node(cluster, down).nodes["d"]):
        assert (after.leaving, after.availability) == (True, "drain")
