"""Tasks disconnected from a network and removed networks: what a running manager notices, and what a new one finds."""

import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from stackferry.emulator.cluster.objects import Cluster, Task
from stackferry.emulator.cluster.observation import Legs
from stackferry.emulator.cluster.state import TaskState
from stackferry.emulator.engine.protocol import EngineEvent
from stackferry.emulator.fake.clock import VirtualClock
from stackferry.emulator.fake.engine import FakeEngine
from stackferry.emulator.manager.network_watch import NetworkWatch
from tests.emulator.webnet.stack import cluster, service, task
from tests.emulator.webnet.test_gate import slowness
from tests.engine.image import NAME
from tests.engine.stack import Stack

# On the fake engine.


class Heard:
    """A task in two networks, and what a watch makes of what happens there."""

    def __init__(self) -> None:
        self.engine = FakeEngine(VirtualClock(now=1000.0), images=["app"])
        for name in ("s_front", "s_back", "other"):
            self.engine.create_network(name, {})
        web = service("web", "s_front", "s_back")
        self.container = self.make("web", "s_front", "s_back")
        self.found = cluster((web,), (replace(task(web, 1), container_id=self.container),))
        self.held = ""
        self.seen: list[Legs] = []
        self.strangers: list[str] = []
        self.lost: list[tuple[str, str]] = []
        self.flow = self.engine.network_events(None)
        self.watch = NetworkWatch(
            self.engine,
            lambda: self.found,
            lambda name: name == self.held,
            self.seen.append,
            self.strangers.append,
            lambda kind, name: self.lost.append((kind, name)),
        )

    def make(self, name: str, *networks: str) -> str:
        body = {
            "Image": "app",
            "HostConfig": {"NetworkMode": networks[0]},
            "NetworkingConfig": {"EndpointsConfig": {name: {} for name in networks}},
        }
        made = self.engine.create(name, body)
        self.engine.start(made)
        return made

    def change(self, **fields: Any) -> None:
        (only_task,) = self.found.tasks.values()
        self.found = self.found.with_task(replace(only_task, **fields))

    def hear(self) -> None:
        for event in self.flow.take():
            self.watch.take(event)


def test_a_leg_that_is_taken_is_seen() -> None:
    it = Heard()

    it.engine.disconnect("s_back", it.container)
    it.hear()

    assert it.seen == [Legs("web-id.1", {"s_front": "172.18.0.2"}, {}, ("s_back",))]


def test_and_one_that_is_given_back_by_hand() -> None:
    it = Heard()
    it.engine.disconnect("s_back", it.container)
    it.hear()
    it.change(cut={"s_back": "172.19.0.2"})

    it.engine.connect("s_back", it.container, {})
    it.hear()

    assert it.seen[-1].cut == ()
    assert it.seen[-1].addresses == {"s_front": "172.18.0.2", "s_back": "172.19.0.2"}


@pytest.mark.parametrize(
    "fields",
    [
        {"desired": TaskState.SHUTDOWN},
        {"state": TaskState.FAILED},
        {"state": TaskState.READY},
        {"failing": "unhealthy container"},
    ],
    ids=str,
)
def test_nobody_looks_at_a_task_that_goes(fields: dict[str, Any]) -> None:
    """Each of them leaves its networks when it ends: a look at every one would slow `down`."""
    it = Heard()
    it.change(**fields)
    it.engine.calls.clear()

    it.engine.disconnect("s_back", it.container)
    it.hear()

    assert (it.seen, it.strangers) == ([], [])
    assert not any("inspect" in call for call in it.engine.calls)


def test_a_container_that_ended_has_lost_no_leg() -> None:
    it = Heard()

    it.engine.kill(it.container)
    it.hear()

    assert it.seen == []


def test_what_happens_in_networks_of_others_is_nothing_to_us() -> None:
    it = Heard()
    stranger = it.make("stranger", "other")

    it.engine.disconnect("other", stranger)
    it.engine.remove_network("other")
    it.hear()

    assert (it.seen, it.strangers, it.lost) == ([], [], [])


def test_a_gate_that_lost_its_leg_is_told_of() -> None:
    it = Heard()
    gate = it.make("s.gate.s_front", "s_front")

    it.engine.disconnect("s_front", gate)
    it.hear()

    assert it.strangers == [gate]


def test_what_is_removed_is_told_of() -> None:
    it = Heard()
    it.engine.create_volume("s_data")

    it.engine.remove_volume("s_data")
    it.engine.disconnect("s_back", it.container)
    it.engine.remove_network("s_back")
    it.hear()

    assert it.lost == [("volume", "s_data"), ("network", "s_back")]


def test_a_network_that_is_being_replaced_is_left_alone() -> None:
    it = Heard()
    it.held = "s_back"

    it.engine.disconnect("s_back", it.container)
    it.engine.remove_network("s_back")
    it.hear()

    assert (it.seen, it.lost) == ([], [])


def test_an_engine_that_goes_away_in_the_middle() -> None:
    it = Heard()
    it.engine.disconnect("s_back", it.container)
    it.engine.crash(5.0)

    it.watch.take(EngineEvent("network disconnect", it.container, "s_back"))

    assert it.seen == []


# On the real engine.

COMPOSE = f"""
services:
  web:
    image: {NAME}
    command: [sh, -c, "trap 'exit 0' TERM; while :; do sleep 1; done"]
    init: true
    stop_grace_period: 1s
    networks: [front, back]
    deploy: {{replicas: 2, restart_policy: {{delay: 0s}}}}
  db:
    image: {NAME}
    command: [sh, -c, "trap 'exit 0' TERM; while :; do sleep 1; done"]
    init: true
    stop_grace_period: 1s
    networks: [back]
networks: {{front: {{}}, back: {{}}}}
"""

WITHIN = 1.0
"""Seconds in which the living manager heals; longer where the machine is slow."""


@pytest.fixture
def stack(engine: Any, image: str, tmp_path: Any) -> Iterator[Stack]:
    it = Stack(engine, tmp_path, COMPOSE)
    try:
        it.ok("up", "-d", "-q")
        yield it
    finally:
        it.close()


def legs(it: Stack) -> dict[str, dict[str, str]]:
    return {info.id: dict(info.addresses) for info in it.running()}


def healed(it: Stack, before: dict[str, dict[str, str]], seconds: float = WITHIN) -> float:
    """How long it took until every container has the legs and addresses that it had, and is in rotation."""
    began = time.monotonic()
    it.eventually(lambda: legs(it) == before and not any(one.cut for one in it.tasks()), 60.0)
    took = time.monotonic() - began
    assert took < seconds * slowness()
    return took


def resolves(it: Stack, name: str) -> bool:
    web = next(info for info in it.running() if ".web" in info.name or "_web." in info.name)
    return it.engine.exec(web.id, ["nslookup", name]).exit_code == 0


def _of(it: Stack, service: str) -> Task:
    found: Cluster = it.cluster()
    names = {one.id for one in found.services.values() if one.spec.name == f"{it.name}_{service}"}
    return next(one for one in it.tasks() if one.service_id in names)


@pytest.mark.engine
def test_a_task_that_is_taken_out_is_back_within_a_second(stack: Stack) -> None:
    """The same container, with its address and its names."""
    before = legs(stack)
    victim = _of(stack, "db")

    stack.engine.disconnect(f"{stack.name}_back", victim.container_id)

    healed(stack, before)
    assert resolves(stack, "db")
    assert " 1/1 " in stack.ok("services")


@pytest.mark.engine
def test_a_gate_that_is_taken_out_is_back(stack: Stack) -> None:
    name = f"{stack.name}.gate.{stack.name}_back"
    network = f"{stack.name}_back"
    info = stack.engine.inspect(name)
    assert info is not None

    stack.engine.disconnect(network, name)

    def is_back() -> bool:
        now = stack.engine.inspect(name)
        return now is not None and now.id != info.id and now.addresses.get(network) == info.addresses[network]

    stack.eventually(is_back, 10 * slowness())
    stack.eventually(lambda: resolves(stack, "db"), 10 * slowness())


def _remove(it: Stack, network: str) -> None:
    """What somebody does by hand who takes the network's removal in earnest."""
    found = it.engine.inspect_network(network)
    assert found is not None
    for _ in range(20):
        for name in (it.engine.inspect_network(found.id) or found).legs:
            try:
                it.engine.disconnect(found.id, name)
            except Exception:  # noqa: BLE001 - the manager is at it as well
                continue
        try:
            it.engine.remove_network(found.id)
        except Exception:  # noqa: BLE001
            continue
        return
    raise AssertionError("the manager is always faster")


@pytest.mark.engine
@pytest.mark.parametrize("alive", [True, False], ids=["alive", "begins"])
def test_a_network_that_is_removed_comes_back(stack: Stack, *, alive: bool) -> None:
    """With its subnet if that is free, so that nobody is replaced; also where no manager lived when it was removed."""
    before, network = legs(stack), f"{stack.name}_back"
    old = stack.engine.inspect_network(network)
    assert old is not None
    if not alive:
        stack.kill_manager()

    _remove_if_it_can(stack, network, alive=alive)
    if not alive:
        assert f"+ network {network}: the network was removed" in stack.ok("plan")
        stack.ok("up", "-d", "-q")

    def is_back() -> bool:
        now = stack.engine.inspect_network(network)
        if now is None:
            return False
        # Another stack may have chosen the subnet meanwhile. Then tasks are replaced: their resolver is elsewhere.
        found = legs(stack)
        return found == before if now.subnets == old.subnets else _is_whole(found, network)

    stack.eventually(is_back, 30 * slowness())
    stack.eventually(lambda: resolves(stack, "db"), 10 * slowness())


def _is_whole(found: dict[str, dict[str, str]], network: str) -> bool:
    return len(found) == 3 and all(one.get(network) for one in found.values())


def _remove_if_it_can(it: Stack, network: str, *, alive: bool) -> None:
    """A manager that lives may be faster than anybody can remove the network: then all is well, too."""
    try:
        _remove(it, network)
    except AssertionError:
        assert alive


@pytest.mark.engine
def test_what_was_taken_out_while_no_manager_lived_is_back_when_one_begins(stack: Stack) -> None:
    before, victim = legs(stack), _of(stack, "web")
    stack.kill_manager()
    for network in ("front", "back"):
        stack.engine.disconnect(f"{stack.name}_{network}", victim.container_id)

    stack.ok("up", "-d", "-q")

    stack.eventually(lambda: legs(stack) == before, 30 * slowness())
