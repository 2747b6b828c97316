"""Events: the changes between two clusters, in words and as data."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackferry.emulator.cluster.event import (
    Action,
    Event,
    FormerEvent,
    NodeEvent,
    ServiceEvent,
    TaskEvent,
    data,
    event_of,
    from_store,
    stored,
)
from stackferry.emulator.cluster.happenings import happenings
from stackferry.emulator.cluster.objects import Cluster, Node, Service, Task, UpdateStatus
from stackferry.emulator.cluster.spec import ServiceSpec, TaskTemplate
from stackferry.emulator.cluster.state import TaskState, UpdateState

GOLDEN = Path(__file__).parents[3] / "fixtures" / "events" / "events.txt"

texts = st.text(max_size=20)
numbers = st.integers(0, 9)
actions = st.sampled_from(Action)
states = st.sampled_from(TaskState)
updates = st.none() | st.sampled_from(UpdateState)
codes = st.none() | st.integers(0, 255)

services = st.builds(ServiceEvent, actions, texts, texts, numbers, updates, texts, texts)
tasks = st.builds(TaskEvent, actions, texts, texts, states, states, numbers, texts, texts, texts, texts, codes)
nodes = st.builds(NodeEvent, actions, texts, texts, texts, texts, st.booleans())
formers = st.builds(FormerEvent, st.sampled_from(["service", "task"]), texts, texts)
events: st.SearchStrategy[Event] = services | tasks | nodes | formers


@given(events)
def test_what_is_stored_is_read_back(event: Event) -> None:
    assert from_store(stored(event)) == event
    assert event_of(json.loads(json.dumps(data(event)))) == event


def test_keys_that_it_does_not_know_are_passed_over() -> None:
    event = ServiceEvent(Action.REMOVE, "s1", "shop_web")

    assert event_of({**data(event), "time": "2023-11-14T22:12:20Z", "attributes": {"name": "shop_web"}}) == event


@pytest.mark.parametrize(
    ("line", "kind", "service"),
    [
        ("service shop_web created", "service", "shop_web"),
        ("service shop_web paused: update paused", "service", "shop_web"),
        ("task shop_web.1.abc failed, desired shutdown: {odd}", "task", "shop_web"),
        ("task a.b.1.abc removed", "task", "a.b"),
    ],
)
def test_a_line_of_a_former_version_stays_as_it_is(line: str, kind: str, service: str) -> None:
    found = from_store(line)

    assert found == FormerEvent(kind, line, service)
    assert str(found) == line


def stories() -> list[tuple[str, Cluster, Cluster]]:
    """Pairs of clusters, each with a name for what happens between them."""
    spec = ServiceSpec("shop_web", replicas=1, task=TaskTemplate())
    node, service, task = Node("n1", "node-1"), Service("s1", spec), Task("t1", "s1", 1, spec.task)
    there = Cluster({"n1": node}, {"s1": service}, {"t1": task})
    status = UpdateStatus(UpdateState.UPDATING, "update in progress", 0.0)
    reason = "update paused due to failure or early termination of task t1"
    paused = UpdateStatus(UpdateState.PAUSED, reason, 0.0, cause="web.1: task: non-zero exit (1)")

    def with_service(**changes: Any) -> Cluster:
        return replace(there, services={"s1": replace(service, **changes)})

    def with_task(**changes: Any) -> Cluster:
        return replace(there, tasks={"t1": replace(task, **changes)})

    def with_node(**changes: Any) -> Cluster:
        return replace(there, nodes={"n1": replace(node, **changes)})

    running = with_task(node_id="n1", state=TaskState.RUNNING, message="started")
    error = "task: non-zero exit (3)"
    failed = with_task(node_id="n1", state=TaskState.FAILED, desired=TaskState.SHUTDOWN, error=error, exit_code=3)
    return [
        ("all is new", Cluster(), there),
        ("nothing happens", there, there),
        ("nothing happens that is told", there, with_node(engine_version="29.0")),
        ("a task runs", there, running),
        ("a task fails", running, failed),
        ("a task fits nowhere", there, with_task(state=TaskState.PENDING, error="no suitable node")),
        ("a task of a global service runs", there, with_task(slot=0, node_id="n1", state=TaskState.RUNNING)),
        ("a task is forgotten", there, there.without(["t1"])),
        ("a service is updated", there, with_service(version=2, update=status)),
        ("its update pauses", with_service(update=status), with_service(update=paused)),
        ("a service is to go", there, with_service(removed=True)),
        ("a service is gone, and its task with it", there, Cluster({"n1": node})),
        ("a node is drained", there, with_node(availability="drain")),
        ("a node is lost", there, with_node(ready=False, role="worker")),
        ("a node is gone", there, replace(there, nodes={})),
    ]


def test_golden(golden: Callable[[Path, str], None]) -> None:
    """Each event as a line, and as what is stored of it."""
    parts = []
    for name, before, after in stories():
        shown = "".join(f"{event}\n  {stored(event)}\n" for event in happenings(before, after))
        parts.append(f"# {name}\n{shown}")

    golden(GOLDEN, "\n".join(parts))
