"""A task that was disconnected from a network: what is restored, and when it is replaced instead."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from stackferry.emulator.agent.executor import Executor
from stackferry.emulator.agent.lifecycle import observe, operations
from stackferry.emulator.agent.survey import survey
from stackferry.emulator.cluster.container import ContainerSpec, NetworkAttachmentSpec
from stackferry.emulator.cluster.labels import TASK_ID, of_stack
from stackferry.emulator.cluster.objects import Cluster, Node, Service, Task
from stackferry.emulator.cluster.operation import Verb
from stackferry.emulator.cluster.spec import ServiceSpec, TaskTemplate
from stackferry.emulator.cluster.state import TaskState
from stackferry.emulator.fake.behaviour import Behaviour
from stackferry.emulator.fake.clock import VirtualClock
from stackferry.emulator.fake.engine import FakeEngine
from stackferry.emulator.webnet.leg import Leg
from stackferry.emulator.webnet.rotation import in_rotation
from tests.emulator.agent.test_pre_start import Provision

BACK = {"IPAM": {"Config": [{"Subnet": "10.80.0.0/24"}]}}
FRONT = {"IPAM": {"Config": [{"Subnet": "10.81.0.0/24"}]}}


class Noting(FakeEngine):
    """An engine that notes what legs it is asked for."""

    def __init__(self) -> None:
        super().__init__(VirtualClock(now=1000.0), {"": Behaviour(term=0.0)}, images=["app"])
        self.endpoints: list[tuple[str, Mapping[str, Any]]] = []

    def connect(self, network: str, container: str, endpoint: Mapping[str, Any]) -> None:
        self.endpoints.append((network, endpoint))
        super().connect(network, container, endpoint)


class Running:
    """A task in two networks, as a manager knows it."""

    def __init__(self, address: str = "") -> None:
        self.engine = Noting()
        self.engine.create_network("back", BACK)
        self.engine.create_network("front", FRONT)
        legs = (NetworkAttachmentSpec("back", ("web",), ipv4_address=address), NetworkAttachmentSpec("front", ("web",)))
        template = TaskTemplate(ContainerSpec("app", networks=legs), networks=("back", "front"))
        endpoints = {"back": {"IPAMConfig": {"IPv4Address": address}} if address else {}, "front": {}}
        body = {
            "Image": "app",
            "Labels": {**of_stack("shop"), TASK_ID: "t"},
            "HostConfig": {"NetworkMode": "back"},
            "NetworkingConfig": {"EndpointsConfig": endpoints},
        }
        self.container = self.engine.create("shop_web.1.t", body)
        self.engine.start(self.container)
        self.execute = Executor(
            self.engine,
            Provision(),  # type: ignore[arg-type]
            lambda _: None,
            leg_now=lambda _: Leg(None, frozenset(["back"])),
        )
        task = Task("t", "s", 1, template, node_id="n", state=TaskState.STARTING, container_id=self.container)
        self.cluster = Cluster({"n": Node("n", "n")}, {"s": Service("s", ServiceSpec("shop_web"))}, {"t": task})
        self.look()

    @property
    def task(self) -> Task:
        return self.cluster.tasks["t"]

    def look(self) -> None:
        for seen in survey(self.cluster, self.engine.containers(of_stack("shop")), 2000.0, 2000.0).seen:
            self.cluster = observe(self.cluster, seen, 1.0)

    def act(self) -> list[Verb]:
        """Do what is due."""
        due = [*operations(self.cluster, ())]
        for operation in due:
            for seen in self.execute(operation, self.cluster):
                self.cluster = observe(self.cluster, seen, 2.0)
        return [one.verb for one in due]


def test_it_gets_its_address_and_its_names_back() -> None:
    it = Running()
    before = dict(it.task.addresses)
    assert in_rotation(it.task)

    it.engine.disconnect("back", it.container)
    it.engine.disconnect("front", it.container)
    it.look()

    assert it.task.cut == {"back": "10.80.0.2", "front": "10.81.0.2"}
    assert (it.task.addresses, in_rotation(it.task)) == ({}, False)
    assert it.act() == [Verb.CONNECT]
    assert (it.task.state, it.task.cut, it.task.addresses) == (TaskState.RUNNING, {}, before)
    assert in_rotation(it.task)
    # In a network that gates balance the engine is to know no names of it.
    names = ["web", "shop_web", "tasks.web", "tasks.shop_web"]
    assert it.engine.endpoints == [
        ("back", {"IPAMConfig": {"IPv4Address": "10.80.0.2"}}),
        ("front", {"Aliases": names, "IPAMConfig": {"IPv4Address": "10.81.0.2"}}),
    ]
    assert it.act() == []


class Late(Provision):
    """It believes that the network is there until it is told to look again."""

    def __init__(self, engine: FakeEngine) -> None:
        super().__init__()
        self.engine, self.looks = engine, 0

    def networks(self, container: ContainerSpec) -> None:
        if self.looks and self.engine.inspect_network("back") is None:
            self.engine.create_network("back", BACK)

    def unknow(self) -> None:
        self.looks += 1


def test_a_network_that_was_removed_since_is_made_again_before_the_engine_has_told_of_it() -> None:
    it = Running()
    before = dict(it.task.addresses)
    it.engine.disconnect("back", it.container)
    it.look()
    it.engine.remove_network("back")
    late = Late(it.engine)
    it.execute = Executor(
        it.engine,
        late,  # type: ignore[arg-type]
        lambda _: None,
        leg_now=lambda _: Leg(None, frozenset(["back"])),
    )

    assert it.act() == [Verb.CONNECT]

    assert late.looks == 1
    assert (it.task.state, it.task.failing, it.task.addresses) == (TaskState.RUNNING, "", before)


def test_where_the_address_is_somebody_elses_by_now_another_one_does() -> None:
    it = Running()
    it.engine.disconnect("front", it.container)
    it.engine.start(it.engine.create("guest", {"Image": "app", "HostConfig": {"NetworkMode": "front"}}))
    it.look()

    it.act()

    assert (it.task.state, it.task.cut, it.task.addresses["front"]) == (TaskState.RUNNING, {}, "10.81.0.3")


def test_but_not_for_one_that_the_file_names() -> None:
    it = Running("10.80.0.9")
    it.engine.disconnect("back", it.container)
    guest = {
        "Image": "app",
        "HostConfig": {"NetworkMode": "back"},
        "NetworkingConfig": {"EndpointsConfig": {"back": {"IPAMConfig": {"IPv4Address": "10.80.0.9"}}}},
    }
    it.engine.start(it.engine.create("guest", guest))
    it.look()

    assert it.act() == [Verb.CONNECT]
    assert it.act() == [Verb.SHUTDOWN]

    assert (it.task.state, it.task.error) == (
        TaskState.FAILED,
        "task: cannot be reconnected to back: Address already in use",
    )


def test_nor_where_all_addresses_of_the_network_are_others() -> None:
    """Its resolver's is another one then, and a container keeps that for life."""
    it = Running()
    it.engine.disconnect("front", it.container)
    it.engine.remove_network("front")
    it.engine.create_network("front", {"IPAM": {"Config": [{"Subnet": "10.99.0.0/24"}]}})
    it.look()

    it.act()
    it.act()

    assert it.task.state is TaskState.FAILED
    assert "cannot be reconnected to front: Invalid address 10.81.0.2" in it.task.error


def test_one_that_ends_well_meanwhile_has_failed_all_the_same() -> None:
    """It is for the restart policy to say whether another one follows; it did not end by itself."""
    it = Running()
    it.cluster = it.cluster.with_task(replace(it.task, failing="cannot be reconnected to back: no"))

    assert it.act() == [Verb.SHUTDOWN]

    assert (it.task.state, it.task.exit_code) == (TaskState.FAILED, 0)


def test_a_task_that_is_on_its_way_out_is_left_alone() -> None:
    it = Running()
    it.engine.disconnect("front", it.container)
    it.look()
    it.cluster = it.cluster.with_task(it.task.told(TaskState.SHUTDOWN))

    assert it.act() == [Verb.SHUTDOWN]
    assert (it.task.state, it.task.cut) == (TaskState.SHUTDOWN, {})


@pytest.mark.parametrize("gone", ["before", "while"])
def test_one_whose_container_is_gone(gone: str) -> None:
    it = Running()
    it.engine.disconnect("front", it.container)
    it.look()
    it.engine.remove(it.container) if gone == "before" else it.engine.kill(it.container)

    it.act()

    assert it.task.state is TaskState.FAILED
