"""Properties of the whole orchestration: whatever users and containers do, it settles in the right state."""

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stackferry.emulator.cluster.objects import Cluster, Service
from stackferry.emulator.cluster.spec import Mode, RestartPolicy, ServiceSpec, TaskTemplate, UpdateConfig
from stackferry.emulator.cluster.state import TaskState, UpdateState
from stackferry.emulator.control.change import create_service, force, remove_service, rollback_service, update_service
from stackferry.emulator.orchestrator.reconcile import reconcile
from stackferry.grammar.diagnostics import StackferryError
from tests.emulator.behaviour import Behaviour
from tests.emulator.world import World

SLOW = Behaviour(prepares=0.3, starts=0.4, term=0.6)


def spec(replicas: int = 3, version: str = "1", update: UpdateConfig | None = None) -> ServiceSpec:
    behaviour = replace(SLOW, version=version)
    task = TaskTemplate(restart=RestartPolicy(delay=1.0), container=behaviour)  # type: ignore[arg-type]
    config = update or UpdateConfig(monitor=1.0)
    return ServiceSpec("web", replicas=replicas, task=task, update=config, rollback=config)


def only(cluster: Cluster) -> Service:
    (service,) = cluster.services.values()
    return service


def passed(world: World, seconds: float) -> list[Cluster]:
    return list(world.run_until(world.now + seconds))


UPDATES = st.builds(
    UpdateConfig,
    parallelism=st.integers(0, 3),
    delay=st.sampled_from((0.0, 0.5)),
    monitor=st.just(1.0),
    failure_action=st.sampled_from(("pause", "continue", "rollback")),
    order=st.sampled_from(("stop-first", "start-first")),
)

COMMANDS = st.lists(
    st.one_of(
        st.tuples(st.just("scale"), st.integers(0, 6)),
        st.tuples(st.just("version"), st.sampled_from("1234")),
        st.tuples(st.just("crash"), st.integers(0, 20)),
        st.tuples(st.just("drain"), st.sampled_from(("n1", "n2"))),
        st.tuples(st.just("active"), st.sampled_from(("n1", "n2"))),
        st.tuples(st.just("down"), st.just("n2")),
        st.tuples(st.just("up"), st.just("n2")),
        st.tuples(st.just("force"), st.just(0)),
        st.tuples(st.just("rollback"), st.just(0)),
        st.tuples(st.just("wait"), st.floats(0.0, 3.0)),
    ),
    max_size=12,
)


def do(world: World, command: str, value: object) -> None:
    cluster, service = world.cluster, only(world.cluster)
    if command == "scale":
        world.cluster = update_service(cluster, service.id, replace(service.spec, replicas=value), world.now)
    elif command == "version":
        behaviour = replace(SLOW, version=str(value))
        changed = replace(service.spec, task=replace(service.spec.task, container=behaviour))  # type: ignore[arg-type]
        world.cluster = update_service(cluster, service.id, changed, world.now)
    elif command == "crash":
        running = [task for task in cluster.tasks.values() if task.state == TaskState.RUNNING]
        if running:
            world.crash(running[int(str(value)) % len(running)], 1)
    elif command in ("drain", "active"):
        world.change_node(str(value), availability=command)
    elif command in ("down", "up"):
        world.change_node(str(value), ready=command == "up")
    elif command == "force":
        world.cluster = force(cluster, service.id, world.now)
    elif command == "rollback" and service.previous is not None:
        world.cluster = rollback_service(cluster, service.id, world.now)


@settings(max_examples=150, deadline=None)
@given(COMMANDS, UPDATES, st.integers(1, 4))
def test_comes_to_rest_as_wanted_when_faults_stop(commands, config, replicas):
    world = World()
    world.change_node("n2")
    world.cluster = create_service(world.cluster, spec(replicas, update=config), 0.0, Random(0))
    for command, value in commands:
        do(world, command, value)
        passed(world, float(value) if command == "wait" else 0.2)
    for name in ("n1", "n2"):
        world.change_node(name, availability="active", ready=True)

    passed(world, 120.0)

    service = only(world.cluster)
    alive = [task for task in world.cluster.tasks.values() if task.state == TaskState.RUNNING]
    assert len(alive) == service.spec.replicas
    assert sorted({task.slot for task in alive}) == sorted(task.slot for task in alive)
    assert all(task.desired == TaskState.RUNNING for task in alive)
    paused = service.update is not None and service.update.state in (UpdateState.PAUSED, UpdateState.ROLLBACK_PAUSED)
    if not paused:
        assert {task.template for task in alive} <= {service.spec.task}

    world.cluster = remove_service(world.cluster, service.id)
    passed(world, 30.0)
    assert (world.cluster.tasks, world.cluster.services, world.cluster.history) == ({}, {}, {})


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 5), UPDATES)
def test_an_update_takes_down_no_more_than_it_may(replicas, config):
    world = World()
    world.cluster = create_service(world.cluster, spec(replicas, update=config), 0.0, Random(0))
    passed(world, 5.0)
    do(world, "version", "2")

    counts = [world.running(only(cluster).id) for cluster in world.run_until(world.now + 60.0)]

    at_once = config.parallelism or replicas
    if config.order == "stop-first":
        assert min(counts) >= replicas - at_once
        assert max(counts) <= replicas
    else:
        assert min(counts) >= replicas
        assert max(counts) <= replicas + at_once
    assert only(world.cluster).update.state == UpdateState.COMPLETED


@settings(max_examples=60, deadline=None)
@given(COMMANDS)
def test_a_second_pass_changes_nothing(commands):
    world = World()
    world.change_node("n2")
    world.cluster = create_service(world.cluster, spec(), 0.0, Random(0))
    for command, value in commands:
        do(world, command, value)
        passed(world, 0.3)
        assert reconcile(world.cluster, world.now, Random(1)).cluster == world.cluster


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 4), st.floats(0.1, 3.0), st.integers(0, 6))
def test_restarts_are_as_many_as_the_policy_says(attempts, lives, delay):
    world = World()
    policy = RestartPolicy(delay=float(delay), max_attempts=attempts + 1)
    task = TaskTemplate(restart=policy, container=Behaviour(lives=lives, exit=1))  # type: ignore[arg-type]
    world.cluster = create_service(world.cluster, ServiceSpec("web", task=task), 0.0, Random(0))

    made = {task_id for cluster in world.run_until(200.0) for task_id in cluster.tasks}

    assert len(made) == attempts + 2


def test_modes_may_not_change():
    cluster = create_service(Cluster(), spec(), 0.0, Random(0))

    with pytest.raises(StackferryError, match="service mode change is not allowed"):
        update_service(cluster, only(cluster).id, replace(spec(), mode=Mode.GLOBAL), 1.0)
