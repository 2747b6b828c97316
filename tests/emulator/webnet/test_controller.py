"""The controller where gates are impossible: says so once; tasks keep the engine's own names."""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from ipaddress import IPv4Address
from typing import Any

import pytest

from stackferry.emulator.cluster.labels import GATE, HELPER, STACK
from stackferry.emulator.cluster.objects import Cluster, Service
from stackferry.emulator.cluster.operation import Operation, Verb
from stackferry.emulator.cluster.spec import PublishedPort
from stackferry.emulator.cluster.state import TaskState
from stackferry.emulator.control.deployment import StackRecord
from stackferry.emulator.engine.protocol import ContainerInfo, EngineError
from stackferry.emulator.engine.resources import NetworkInfo
from stackferry.emulator.fake.streams import FakeSession
from stackferry.emulator.webnet.controller import GateController
from stackferry.emulator.webnet.gate_container import ADDRESS, hardware_address
from stackferry.emulator.webnet.gate_state import GateState
from stackferry.emulator.webnet.gate_worker import GateWorker
from stackferry.emulator.webnet.leg import Leg
from stackferry.emulator.webnet.nftables import Backend
from stackferry.grammar.diagnostics import StackferryError
from tests.emulator.webnet.stack import cluster, service, task


class NoGates:
    """An engine that has one network and refuses NET_ADMIN."""

    def __init__(self) -> None:
        self.made: list[str] = []

    def inspect_network(self, name: str) -> NetworkInfo:
        return NetworkInfo("id", name, "bridge", {}, ("10.0.0.0/24",), ("10.0.0.0/25",))

    def inspect(self, container: str) -> None:
        return None

    def image(self, name: str) -> None:
        return None

    def import_image(self, name: str, archive: bytes, changes: object = ()) -> str:
        raise StackferryError("operation not permitted", "")

    def containers(self, labels: Mapping[str, str]) -> list[object]:
        return []


def test_it_steps_aside_with_one_warning(caplog: pytest.LogCaptureFixture) -> None:
    controller = GateController(NoGates(), "s", lambda: StackRecord("s"), lambda: None)
    web = service("web", "s_a")
    found = cluster((web,), (task(web, 1),))

    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            controller.offer(controller.settle(found))

    assert controller.leg(task(web, 1)) is None
    warnings = [one for one in caplog.records if "no load-balanced network" in one.message]
    assert len(warnings) == 1
    controller.drained(Operation(Verb.SHUTDOWN, "t", "n", "c"))


class Answering:
    """A gate's session: all that is asked is done."""

    def __init__(self) -> None:
        self.asked = threading.Semaphore(0)

    def write(self, data: bytes) -> None:
        self.asked.release()

    def read(self) -> tuple[str, bytes]:
        self.asked.acquire()
        return "stdout", b"= 0\n"

    def close(self) -> None: ...


class NoRights(NoGates):
    """An engine that has gates, though without NET_ADMIN."""

    def import_image(self, name: str, archive: bytes, changes: object = ()) -> str:
        return name

    def create(self, name: str, body: Mapping[str, Any], platform: str = "") -> str:
        if "NET_ADMIN" in body["HostConfig"]["CapAdd"]:
            raise EngineError("OCI runtime create failed: operation not permitted")
        self.made.append(name)
        return name

    def start(self, name: str) -> None: ...

    def remove(self, name: str) -> None: ...

    def events(self, *_: object) -> None:
        raise EngineError("none here")

    def exec_stream(self, name: str, command: object) -> Answering:
        return Answering()


def offered_until(
    controller: GateController, news: threading.Event, found: Cluster, wait: Callable[[], None]
) -> Cluster:
    """The loop's part, over and over, until somebody in another thread waits no more; the cluster as settled last."""
    waiting = threading.Thread(target=wait)
    waiting.start()
    while waiting.is_alive():
        found = controller.settle(found)
        controller.offer(found)
        news.wait(0.05)
        news.clear()
    return found


def in_force(controller: GateController, name: str) -> None:
    """Wait for a gate."""
    while controller.gates[name].in_force is None:
        time.sleep(0.01)


def test_a_gate_that_may_not_balance_answers_names(caplog: pytest.LogCaptureFixture) -> None:
    news, engine = threading.Event(), NoRights()
    controller = GateController(engine, "s", lambda: StackRecord("s"), news.set)
    web = service("web", "s_a", ports=(PublishedPort(80, 8080),))
    found = cluster((web,), (task(web, 1),))
    legs: list[object] = []

    with caplog.at_level(logging.WARNING):
        found = offered_until(controller, news, found, lambda: legs.append(controller.leg(task(web, 1))))
    controller.close()

    assert legs == [Leg(controller.discovery.facts.areas["s_a"].gate, frozenset({"s_a"}))]
    assert sorted(engine.made) == ["s.gate.s_a", "s_web.ingress"]
    assert all(gate.plain for gate in controller.state.gates.values())
    assert found.services[web.id].vips == {}
    assert len([one for one in caplog.records if "no load-balanced network" in one.message]) == 1


class Removing(NoRights):
    """An engine that has all rights, and whose containers take their time to go: until `may_go`."""

    def __init__(self) -> None:
        super().__init__()
        self.may_go = threading.Event()

    def create(self, name: str, body: Mapping[str, Any], platform: str = "") -> str:
        self.made.append(name)
        return name

    def remove(self, name: str) -> None:
        assert self.may_go.wait(10)
        self.made.append(f"without {name}")


def test_gates_go_with_the_last_task_of_a_stack_that_ends_and_come_back_after_that() -> None:
    engine = Removing()
    controller = GateController(engine, "s", lambda: StackRecord("s"), lambda: None)
    controller.discovery.network("s_a")
    web = service("web", "s_a")
    going, name = replace(web, removed=True), "s.gate.s_a"

    def offered(of: Service, state: TaskState) -> None:
        controller.offer(controller.settle(cluster((of,), (task(of, 1, state),))))

    offered(web, TaskState.RUNNING)
    in_force(controller, name)
    offered(going, TaskState.RUNNING)
    assert name in controller.gates
    offered(going, TaskState.COMPLETE)
    assert not controller.gates
    # Deployed again in that moment.
    offered(web, TaskState.RUNNING)
    engine.may_go.set()
    in_force(controller, name)
    controller.close()

    assert engine.made == [name, f"without {name}", name]


def test_a_gate_that_a_look_finds_without_its_leg_is_brought_back() -> None:
    """No event with a gate's label tells of it."""
    engine = Removing()
    engine.may_go.set()
    controller = GateController(engine, "s", lambda: StackRecord("s"), lambda: None)
    controller.discovery.network("s_a")
    web, name = service("web", "s_a"), "s.gate.s_a"
    controller.offer(controller.settle(cluster((web,), (task(web, 1),))))
    in_force(controller, name)
    at = {"s_a": str(controller.discovery.facts.areas["s_a"].gate)}

    def made_after(addresses: dict[str, str], wanted: int) -> int:
        info = ContainerInfo("id", name, "gate", {STACK: "s", GATE: "s_a"}, "running", addresses=addresses)
        assert controller.tasks_only([info]) == []
        for _ in range(100):
            if len(engine.made) == wanted:
                break
            time.sleep(0.01)
        return len(engine.made)

    assert made_after(at, 1) == 1
    assert made_after({}, 2) == 2
    controller.close()


class OwnChoice(NoRights):
    """An engine whose network lets nobody ask for an address. The first that we choose have `others` already."""

    def __init__(self, others: int = 0) -> None:
        super().__init__()
        self.others = others
        self.asked: list[str] = []

    def create(self, name: str, body: Mapping[str, Any], platform: str = "") -> str:
        (endpoint,) = body["NetworkingConfig"]["EndpointsConfig"].values()
        if "IPAMConfig" in endpoint:
            raise EngineError(
                "user specified IP address is supported only when connecting to networks with user configured subnets"
            )
        self.asked.append(body["Labels"][ADDRESS])
        self.hardware = endpoint["MacAddress"]
        return name

    def containers(self, labels: Mapping[str, str]) -> list[object]:
        found = self.asked[: self.others] if labels == {GATE: "s_a"} else []
        marks = ({STACK: "t", GATE: "s_a", ADDRESS: one} for one in found)
        return [ContainerInfo("other", "t.gate.s_a", "gate", one, "running", started_at=1.0) for one in marks]


@pytest.mark.parametrize("others", [0, 2])
def test_where_nobody_may_ask_for_an_address_a_gate_adds_its_own(others: int) -> None:
    """In a network of `docker network create` without a subnet. No task is told that it could not be so at once."""
    news, engine = threading.Event(), OwnChoice(others)
    controller = GateController(engine, "s", lambda: StackRecord("s"), news.set)
    web = service("web", "s_a")
    found = cluster((web,), (task(web, 1),))
    legs: list[object] = []

    def wait() -> None:
        try:
            legs.append(controller.leg(task(web, 1)))
        except StackferryError as error:
            legs.append(error)

    found = offered_until(controller, news, found, wait)
    controller.close()

    area = controller.discovery.facts.areas["s_a"]
    assert legs == [Leg(area.gate, frozenset({"s_a"}))]
    gate = controller.state.gates["s.gate.s_a"]
    assert gate.addresses() == (area.gate, IPv4Address(found.services[web.id].vips["s_a"]))
    assert engine.hardware == hardware_address(area.gate)
    # Another stack's older gate has the address: the next slice is taken.
    assert len(set(engine.asked)) == 1 + others


def test_plain_gates_are_in_no_network_where_an_address_must_be_added() -> None:
    news, engine = threading.Event(), OwnChoice()
    controller = GateController(engine, "s", lambda: StackRecord("s"), news.set, {"STACKFERRY_WEBNET": "plain"})
    web = service("web", "s_a", "s_b")
    found = cluster((web,), (task(web, 1),))
    legs: list[object] = []

    offered_until(controller, news, found, lambda: legs.append(controller.leg(task(web, 1))))
    controller.close()

    assert legs == [None]
    assert controller.discovery.facts.areas == {}


def test_it_may_be_turned_off(caplog: pytest.LogCaptureFixture) -> None:
    controller = GateController(NoGates(), "s", lambda: StackRecord("s"), lambda: None, {"STACKFERRY_WEBNET": "off"})
    web = service("web", "s_a")

    controller.offer(cluster((web,), (task(web, 1),)))

    assert controller.leg(task(web, 1)) is None
    assert caplog.records == []


class Idle:
    """A gate that has a task until it is asked a second time, and no connection of it."""

    wanted = in_force = None

    def __init__(self) -> None:
        self.asked = 0

    def has(self, task_id: str) -> bool:
        self.asked += 1
        return self.asked == 1

    def busy(self, task_id: str, after: float) -> bool:
        return False


class Waits:
    """Stands for the controller's end, which comes with the first wait."""

    def __init__(self) -> None:
        self.waited = 0

    def is_set(self) -> bool:
        return self.waited > 0

    def wait(self, seconds: float) -> None:
        self.waited += 1


@pytest.mark.parametrize("strict", [True, False])
def test_a_strict_stack_drains_for_the_whole_time(strict: bool) -> None:
    """The record is asked at that moment: another deployment may have changed it."""
    known = {"record": StackRecord("s")}
    controller = GateController(NoGates(), "s", lambda: known["record"], lambda: None)
    controller.gates["gate"] = Idle()
    controller._closing = waits = Waits()
    known["record"] = StackRecord("s", strict=strict)

    controller.drained(Operation(Verb.SHUTDOWN, "t", "n", "c"))

    assert waits.waited == strict


class Mute:
    """A gate that must not be asked."""

    name = "mute"


def test_connections_past_a_gate_may_always_be_left() -> None:
    worker = GateWorker(Mute(), lambda *_: None)
    seen, past = (Backend(IPv4Address(f"10.0.0.{one}"), f"t{one}") for one in (1, 2))
    worker.in_force = GateState("g", "n", "n", draining=(seen, past), direct=(past,))

    assert worker.busy("t2", 0.0)
    assert not worker.busy("t3", 0.0)


class Cut:
    """A gate that loses its leg while it is brought up for the first time."""

    name = "cut"

    def __init__(self) -> None:
        self.worker = GateWorker(self, lambda *_: None)
        self.brought = threading.Semaphore(0)
        self.times = 0

    def ensure(self, state: GateState) -> bool:
        self.times += 1
        if self.times == 1:
            self.worker.seen(ContainerInfo("c", "cut", "i", {}, "running", addresses={}))
        return True

    def apply(self, *_: object) -> None:
        self.brought.release()

    def close(self) -> None: ...


def test_a_gate_that_loses_a_leg_while_it_is_brought_up_is_looked_at_again() -> None:
    gate = Cut()
    whole = ContainerInfo("c", "cut", "i", {}, "running", addresses={"n": "10.0.0.1"})

    gate.worker.want(GateState("g", "n", "n"))

    assert all(gate.brought.acquire(timeout=30) for _ in range(2))
    gate.worker.seen(whole)
    assert not gate.brought.acquire(timeout=0.05)
    gate.worker.end(remove=False)
    gate.worker.join(30)
    assert gate.times == 2


class Helping(Removing):
    """An engine whose helpers end well."""

    def __init__(self, said: bytes = b"= 0 all\n") -> None:
        super().__init__()
        self.may_go.set()
        self.said = [said]
        self.networks: list[str] = []

    def create(self, name: str, body: Mapping[str, Any], platform: str = "") -> str:
        self.networks.append(body["HostConfig"]["NetworkMode"])
        return super().create(name, body, platform)

    def attach(self, name: str, *, stdin: bool = True) -> FakeSession:
        return FakeSession([("stdout", one) for one in self.said])


def published(**fields: object) -> Cluster:
    web = service("web", "s_a", ports=(PublishedPort(80, 8080),))
    return cluster((web,), (task(web, 1, container_id="c1", started_at=1.0, **fields),))


def test_tasks_see_their_clients_once_their_helper_has_ended() -> None:
    engine = Helping()
    controller = GateController(engine, "s", lambda: StackRecord("s"), lambda: None)
    controller.discovery.network("s_a")
    controller.offer(controller.settle(published()))

    for _ in range(1000):
        gate = controller.gates["s_web.ingress"].in_force
        if gate is not None and gate.returning:
            break
        time.sleep(0.01)
    controller.close()

    assert gate is not None
    assert [str(one) for one in gate.returning] == ["10.0.0.1 (tcp, udp, sctp)"]
    assert engine.networks.count("container:c1") == 1


def test_a_strict_stack_has_swarms_masquerade() -> None:
    engine = Helping()
    controller = GateController(engine, "s", lambda: StackRecord("s", strict=True), lambda: None)
    controller.discovery.network("s_a")
    controller.offer(controller.settle(published()))
    in_force(controller, "s_web.ingress")
    controller.close()

    assert controller.state.gates["s_web.ingress"].subnet is None
    assert "container:c1" not in engine.networks


def test_a_helper_that_runs_is_no_leftover() -> None:
    engine = Helping()
    controller = GateController(engine, "s", lambda: StackRecord("s"), lambda: None)
    controller.returns._names = {"s.return.ours"}
    marks = {STACK: "s", GATE: "s_web", HELPER: "web-id.1"}
    infos = [ContainerInfo(f"id-{one}", f"s.return.{one}", "gate", marks, "created") for one in ("ours", "old")]
    assert controller.tasks_only(infos) == []

    controller.discovery.network("s_a")
    controller.offer(controller.settle(cluster((service("web", "s_a"),))))
    for _ in range(1000):
        if "without id-old" in engine.made:
            break
        time.sleep(0.01)
    controller.close()

    assert "without id-old" in engine.made
    assert "without id-ours" not in engine.made
