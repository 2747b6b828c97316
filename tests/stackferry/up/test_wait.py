"""Waiting for services: a task must keep running for a while, and one that keeps ending never counts."""

import time
from dataclasses import replace
from pathlib import Path

import pytest

from stackferry.display.progress import ProgressDisplay
from stackferry.emulator.cluster.objects import Cluster, Node, Service, Task
from stackferry.emulator.cluster.spec import ServiceSpec, TaskTemplate
from stackferry.emulator.cluster.state import TaskState
from stackferry.emulator.control.progress import Progress, Standing
from stackferry.emulator.store.clock import keep_clock, this_machine
from stackferry.emulator.store.store import Store
from stackferry.up.wait import follow, is_settled
from tests.engine.fixtures import engine, stack
from tests.engine.stack import Stack
from tests.swarm.image import NAME

__all__ = ["engine", "stack"]

COMPOSE = f"""
services:
  loop:
    image: {NAME}
    command: [sh, -c, "sleep 1; exit 3"]
    deploy: {{restart_policy: {{delay: 0s}}}}
"""


@pytest.mark.parametrize("by", [0.0, -3600.0, 3600.0])
def test_nobody_has_to_write_until_it_counts(tmp_path: Path, by: float) -> None:
    """Nor does it matter what the clock is set by meanwhile."""
    store = Store(tmp_path / "store.db")
    clock = keep_clock(store, Cluster(), replace(this_machine(), wall=lambda: 1_700_000_000.0))
    begun, at = time.monotonic(), clock()
    node = Node("n1", "n1")
    service = Service("s1", ServiceSpec("web", task=TaskTemplate()))
    task = Task("t1", "s1", 1, TaskTemplate(), node_id="n1", state=TaskState.RUNNING, at=at)
    store.save(Cluster(), Cluster({"n1": node}, {"s1": service}, {"t1": task}))
    machine = replace(this_machine(), wall=lambda: 1_700_000_000.0 + by)

    (found,) = follow(store, (), ProgressDisplay(live=False, quiet=True), 10.0, steady=0.3, machine=machine)

    assert found.standing is Standing.CONVERGED
    assert 0.3 <= time.monotonic() - begun < 5.0


def test_what_was_rolled_back_is_over_and_others_are_waited_for() -> None:
    back = Progress("web", Standing.ROLLED_BACK, 1, 1)
    works = Progress("db", Standing.WORKING, 0, 1)

    assert not is_settled([back, works])
    assert is_settled([back, replace(works, standing=Standing.CONVERGED)])


@pytest.mark.parametrize("words", [("up", "-d"), ("stack", "deploy", "-d=false", "-c", "compose.yaml")])
def test_a_crash_loop_does_not_pass_for_what_runs(stack: Stack, words: tuple[str, ...]) -> None:
    done = stack.run(*words, *([stack.name] if words[0] == "stack" else []))

    assert done.returncode == 1
    assert f"{stack.name}_loop.1 keeps exiting: task: non-zero exit (3)" in done.stderr
