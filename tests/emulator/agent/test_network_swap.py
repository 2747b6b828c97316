"""A network is replaced while containers run in it: on the fake engine, and as a whole on a real one."""

from typing import Any

import pytest

from stackferry.emulator.agent import network_swap
from stackferry.emulator.agent.network_swap import body_of, swap_network
from stackferry.emulator.cluster.labels import GATE, TASK_ID, of_stack
from stackferry.emulator.engine.protocol import EngineError
from stackferry.emulator.engine.resources import NetworkInfo
from stackferry.emulator.fake.clock import VirtualClock
from stackferry.emulator.fake.engine import FakeEngine
from stackferry.emulator.fake.faults import Fault, FaultList
from stackferry.grammar.diagnostics import StackferryError

OLD = {"Labels": of_stack("shop"), "IPAM": {"Config": [{"Subnet": "10.80.0.0/24", "IPRange": "10.80.0.0/25"}]}}
NEW = {**OLD, "Internal": True}


class Net:
    """A network with two tasks in it that run, and one that waits for its start."""

    def __init__(self, *faults: Fault) -> None:
        self.engine = FakeEngine(VirtualClock(now=1000.0), faults=FaultList.of(*faults), images=["app"])
        self.engine.create_network("back", OLD)
        self.engine.create_network("front", {})
        self.tasks = [self.make(f"shop_web.{slot}.t{slot}") for slot in (1, 2, 3)]
        for task in self.tasks[:2]:
            self.engine.start(task)

    def make(self, name: str, labels: dict[str, str] | None = None, address: str = "") -> str:
        endpoint: dict[str, object] = {"IPAMConfig": {"IPv4Address": address}} if address else {"Aliases": ["web"]}
        body = {
            "Image": "app",
            "Labels": {**of_stack("shop"), TASK_ID: name} if labels is None else labels,
            "HostConfig": {"NetworkMode": "back"},
            "NetworkingConfig": {"EndpointsConfig": {"back": endpoint, "front": {}}},
        }
        return self.engine.create(name, body)

    @property
    def info(self) -> NetworkInfo:
        found = self.engine.inspect_network("back")
        assert found is not None
        return found

    def swap(self, body: dict[str, Any] = NEW) -> list[str]:
        inside = swap_network(self.engine, "shop", self.info, lambda: self.engine.create_network("back", body) and None)
        return [one.id for one in inside]

    def state(self) -> list[tuple[str, str, int]]:
        """Status, address and process of each task."""
        found = [self.engine.inspect(one) for one in self.tasks]
        return [(one.status, one.addresses.get("back", ""), one.pid) for one in found if one]


def test_processes_run_on_and_addresses_stay() -> None:
    it = Net()
    before, old = it.state(), it.info
    assert [status for status, _, _ in before] == ["running", "running", "created"]

    assert it.swap() == it.tasks

    assert it.state() == before
    assert it.info.id != old.id
    assert it.info.internal
    assert [one.endpoints["back"] for one in it.engine.containers({TASK_ID: ""})] == [
        {"Aliases": ["web"], "IPAMConfig": {"IPv4Address": "10.80.0.2"}},
        {"Aliases": ["web"], "IPAMConfig": {"IPv4Address": "10.80.0.3"}},
        {"Aliases": ["web"]},
    ]
    it.engine.start(it.tasks[2])
    assert it.state()[2][0] == "running"


def test_where_its_addresses_are_others_they_get_new_ones() -> None:
    it = Net()

    it.swap({**OLD, "IPAM": {"Config": [{"Subnet": "10.99.0.0/24"}]}})

    assert [address for _, address, _ in it.state()] == ["10.99.0.2", "10.99.0.3", ""]


def test_one_that_cannot_be_made_leaves_the_old_one() -> None:
    it = Net()
    before, old = it.state(), it.info

    with pytest.raises(EngineError, match="Pool overlaps"):
        it.swap({**NEW, "IPAM": {"Config": [{"Subnet": "172.17.0.0/16"}]}})

    assert it.state() == before
    assert body_of(it.info) == body_of(old)
    assert it.info.pools == old.pools


def test_others_in_it_are_not_taken_out() -> None:
    it = Net()
    it.engine.start(it.make("guest", {}))
    before, old = it.state(), it.info

    with pytest.raises(StackferryError, match="containers that are not part of the stack are connected to it: guest"):
        it.swap()

    assert (it.state(), it.info) == (before, old)


def test_a_gate_that_nobody_attends_yet_is_taken_out() -> None:
    """It is made anew by whoever comes to attend it."""
    it = Net()
    gate = it.make("shop.gate.back", {**of_stack("shop"), GATE: "back"})
    it.engine.start(gate)

    it.swap()

    info = it.engine.inspect(gate)
    assert info is not None
    assert "back" not in info.addresses


@pytest.mark.parametrize(
    "fault",
    [
        Fault("fail", "disconnect", status=500),
        Fault("fail-after", "disconnect", status=500),
        Fault("fail", "remove_network", status=403),
        Fault("fail", "connect", status=500),
    ],
    ids=str,
)
def test_a_call_that_fails_once(fault: Fault, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network_swap, "PAUSE", 0.0)
    it = Net(fault)

    it.swap()

    assert it.info.internal
    assert all(address for status, address, _ in it.state() if status == "running")


def test_a_network_that_does_not_become_free(monkeypatch: pytest.MonkeyPatch) -> None:
    """After a while it is given up, and everybody is in it again."""
    monkeypatch.setattr(network_swap, "PATIENCE", 0.0)
    it = Net(Fault("fail", "remove_network", status=403, times=9))
    before, old = it.state(), it.info

    with pytest.raises(EngineError):
        it.swap()

    assert (it.state(), it.info) == (before, old)
