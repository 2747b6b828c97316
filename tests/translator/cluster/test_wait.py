"""Waiting, with a fake clock."""

from collections.abc import Callable
from typing import Any

import pytest

from stackferry.translator.cluster.readiness import Standing
from stackferry.translator.cluster.wait import LOOK, STABLE, Waiting
from tests.translator.cluster.fake import FakeCluster

LABELS = {
    "app.kubernetes.io/name": "web",
    "app.kubernetes.io/instance": "shop",
    "app.kubernetes.io/managed-by": "stackferry",
}
HEAD = {"labels": LABELS, "generation": 1}
DONE = {"observedGeneration": 1, "replicas": 1, "updatedReplicas": 1, "readyReplicas": 1}


class World:
    """A cluster whose state is a function of the time."""

    def __init__(self, change: Callable[[float, "World"], None]) -> None:
        self.now = 0.0
        self.change = change
        self.cluster = FakeCluster()
        self.status()
        ids = frozenset(["Deployment/web"])
        self.waiting = Waiting(self.cluster, "shop", "shop", ids, lambda: self.now, self.pause)
        self.seen: list[str] = []

    def pause(self, seconds: float) -> None:
        self.now += seconds
        self.change(self.now, self)

    def run(self, timeout: float = 600.0) -> list[Standing]:
        self.change(self.now, self)
        return self.waiting.until_done(timeout, lambda found: self.seen.extend(one.text for one in found))

    def status(self, **status: Any) -> None:
        self.cluster.put("Deployment", "web", metadata=HEAD, spec={}, status=status)

    def pod(self, reason: str) -> None:
        container = {"name": "web", "state": {"waiting": {"reason": reason, "message": "m"}}}
        self.cluster.put("Pod", "web-1", metadata={"labels": LABELS}, status={"containerStatuses": [container]})


def done_after(seconds: float) -> Callable[[float, World], None]:
    return lambda now, world: world.status(**DONE) if now > seconds else None


def test_it_ends_when_all_is_done() -> None:
    world = World(done_after(3))

    (found,) = world.run()

    assert found.is_done
    assert 3 + STABLE < world.now < 3 + STABLE + 2 * LOOK
    assert world.waiting.failed == {}


def test_what_can_never_come_right_ends_it_soon() -> None:
    world = World(lambda _, world: world.pod("InvalidImageName"))

    world.run()

    assert world.now < 6
    assert str(world.waiting.failed["Deployment/web"]) == "InvalidImageName: m"


def test_what_may_come_right_has_its_time() -> None:
    def change(now: float, world: World) -> None:
        world.pod("ErrImagePull" if now < 30 else "ContainerCreating")
        if now > 40:
            world.status(**DONE)

    world = World(change)

    (found,) = world.run()

    assert found.is_done
    assert any("ErrImagePull" in line for line in world.seen)


def test_one_that_crashes_again_and_again_is_given_up() -> None:
    world = World(lambda now, world: world.pod("CrashLoopBackOff" if now % 20 > 5 else ""))
    world.cluster.logs = "one\ntwo\n"

    world.run()

    trouble = world.waiting.failed["Deployment/web"]
    assert trouble is not None
    assert 60 <= world.now < 90
    assert world.waiting.last_words(trouble) == ["one", "two"]


@pytest.mark.parametrize(("seconds", "is_told"), [(1.0, False), (20.0, True)])
def test_what_every_new_stack_begins_with_is_not_told_at_once(seconds: float, is_told: bool) -> None:
    unbound = {
        "type": "PodScheduled",
        "status": "False",
        "reason": "Unschedulable",
        "message": "pod has unbound immediate PersistentVolumeClaims",
    }

    def change(now: float, world: World) -> None:
        conditions = [unbound] if now < seconds else []
        world.cluster.put("Pod", "web-1", metadata={"labels": LABELS}, spec={}, status={"conditions": conditions})
        if now > seconds:
            world.status(**DONE)

    world = World(change)

    world.run()

    assert any("unbound" in line for line in world.seen) == is_told


def test_it_ends_when_the_time_is_over() -> None:
    world = World(lambda *_: None)

    (found,) = world.run(timeout=7)

    assert not found.is_done
    assert world.now == 7


def test_what_ran_for_a_moment_only_is_not_done() -> None:
    def change(now: float, world: World) -> None:
        world.status(**(DONE if now < 1 or now > 8 else {}))

    world = World(change)

    (found,) = world.run()

    assert found.is_done
    assert world.now > 8 + STABLE


def test_events_that_nobody_may_read_are_done_without() -> None:
    world = World(done_after(1))
    world.cluster.refuse = lambda _, path: (403, "Forbidden", "no") if path.endswith("/events") else None

    (found,) = world.run()

    assert found.is_done


def test_what_is_not_of_this_stack_is_not_waited_for() -> None:
    world = World(lambda _, world: world.status(**DONE))
    world.cluster.put("Deployment", "old", metadata=HEAD, spec={}, status={})

    assert [one.id for one in world.run()] == ["Deployment/web"]


def test_nothing_waits_for_one_that_may_fail() -> None:
    world = World(lambda _, world: world.pod("InvalidImageName"))
    world.waiting.optional = frozenset(["web"])

    (found,) = world.run()

    assert not found.is_done
    assert world.waiting.is_over(found)
    assert world.waiting.failed == {}
    assert world.now < 10


def test_a_network_that_is_closed_is_why_one_that_runs_is_not_ready() -> None:
    def change(now: float, world: World) -> None:
        state = {"running": {}} if now > 20 else {"waiting": {"reason": "ContainerCreating"}}
        status = {"containerStatuses": [{"name": "web", "state": state}]}
        world.cluster.put("Pod", "web-1", metadata={"labels": LABELS}, status=status)

    world = World(change)
    world.waiting.closed = {"Deployment/web": "nothing can reach it"}

    world.run()

    assert str(world.waiting.failed["Deployment/web"]) == "a network policy isolates it: nothing can reach it"
    assert 80 <= world.now < 90, "an image may take its time to come"
