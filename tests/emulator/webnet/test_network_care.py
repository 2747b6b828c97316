"""What happens to gates while their network is replaced, or after it is gone."""

from typing import Any

import pytest

from stackferry.emulator.control.deployment import StackRecord
from stackferry.emulator.engine.protocol import EngineError
from stackferry.emulator.engine.resources import NetworkInfo
from stackferry.emulator.webnet.controller import GateController
from stackferry.emulator.webnet.gate_state import GateState
from stackferry.grammar.diagnostics import StackferryError
from tests.emulator.webnet.stack import cluster, service, task


class Worker:
    """A gate that is attended, as the controller sees it."""

    alive = False
    in_force = None

    def __init__(self, state: GateState) -> None:
        self.wanted = self.tried = state
        self.error: StackferryError | None = None
        self.ended = False
        self.joined = False
        self.looked: list[str] = []

    def want(self, state: GateState) -> None:
        self.wanted = state

    def end(self, *, remove: bool) -> None:
        self.ended = remove

    def join(self, seconds: float) -> None:
        self.joined = True

    def seen(self, info: Any) -> None:
        self.looked.append(info)


class Engine:
    """Two networks, whose subnets can be others."""

    def __init__(self) -> None:
        self.subnets = {"s_a": "10.0.0.0/24", "s_b": "10.0.1.0/24"}

    def inspect_network(self, name: str) -> NetworkInfo | None:
        subnet = self.subnets.get(name)
        half = f"{subnet[:-3]}/25" if subnet else ""
        return NetworkInfo(name, name, "bridge", {}, (subnet,), (half,)) if subnet else None

    def inspect(self, container: str) -> Any:
        return None

    def containers(self, labels: Any) -> list[Any]:
        return []


@pytest.fixture
def controller() -> Any:
    """One with gates in both networks, that have worked."""
    web = service("web", "s_a", "s_b")
    made: Any = GateController(Engine(), "s", lambda: StackRecord("s"), lambda: None)  # type: ignore[arg-type]
    made._image = "gate"
    for name in ("s_a", "s_b"):
        made.discovery.network(name)
    workers: dict[str, Worker] = {}

    def attendant(name: str) -> Worker:
        if name not in made.gates:
            workers[name] = made.gates[name] = Worker(made.state.gates[name])
        return workers[name]

    made._attendant = attendant
    made.offer(made.settle(cluster((web,), (task(web, 1),))))
    made.workers = workers
    return made


def test_its_gates_are_gone_while_a_network_is_replaced(controller: Any) -> None:
    """Nobody makes them again meanwhile, and those of other networks stay."""
    gone, stays = controller.workers["s.gate.s_a"], controller.workers["s.gate.s_b"]

    with controller.replacing("s_a"):
        assert (gone.ended, gone.joined, stays.ended) == (True, True, False)
        assert controller.is_held("s_a")
        controller.offer(controller.settle(controller.cluster))
        assert "s.gate.s_a" not in controller.gates
        assert "s_a" in controller.discovery.facts.areas

    assert not controller.is_held("s_a")
    controller.offer(controller.settle(controller.cluster))
    assert controller.gates["s.gate.s_a"] is not gone


@pytest.mark.parametrize(("subnet", "stays"), [("10.0.0.0/24", True), ("10.9.0.0/24", False)])
def test_virtual_addresses_stay_where_the_subnet_does(controller: Any, subnet: str, *, stays: bool) -> None:
    def vips() -> Any:
        return next(iter(controller.cluster.services.values())).vips

    before = dict(vips())

    with controller.replacing("s_a"):
        controller.engine.subnets["s_a"] = subnet
    controller.offer(controller.settle(controller.cluster))

    assert vips()["s_b"] == before["s_b"]
    assert (vips()["s_a"] == before["s_a"]) is stays
    assert vips()["s_a"].startswith(subnet[:6])


def test_it_ends_also_where_the_network_cannot_be_replaced(controller: Any) -> None:
    with pytest.raises(StackferryError), controller.replacing("s_a"):
        raise StackferryError("no", "")

    assert not controller.is_held("s_a")


def test_a_network_that_is_gone_is_made_again_for_its_gate(controller: Any) -> None:
    """And keeps its addresses meanwhile: they are its tasks' too."""
    made: list[str] = []
    controller.remake = made.append
    worker = controller.workers["s.gate.s_a"]

    controller._gate_changed(worker, EngineError("network s_a not found", status=404))

    assert made == ["s_a"]
    assert worker.error is None
    assert "s_a" in controller.discovery.facts.areas


def test_one_that_cannot_be_had_is_the_error_that_its_tasks_show(controller: Any) -> None:
    def refuse(name: str) -> None:
        raise StackferryError(f"network {name} is there already", "remove it first")

    controller.remake = refuse
    worker = controller.workers["s.gate.s_a"]

    controller._gate_changed(worker, EngineError("network s_a not found", status=404))

    assert str(worker.error) == "network s_a is there already"


def test_a_gate_that_lost_its_leg_looks(controller: Any) -> None:
    from types import SimpleNamespace

    controller.engine.inspect = lambda container: SimpleNamespace(name=container) if container else None

    for container in ("s.gate.s_a", "stranger", ""):
        controller.leg_taken(container)

    assert [one.name for one in controller.workers["s.gate.s_a"].looked] == ["s.gate.s_a"]
