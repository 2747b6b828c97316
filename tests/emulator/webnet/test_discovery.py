"""What is discovered about a network and other stacks in it, and when changes are reported."""

from dataclasses import replace
from ipaddress import IPv4Address
from typing import Any

from stackferry.emulator.cluster.labels import GATE, STACK
from stackferry.emulator.control.deployment import StackRecord
from stackferry.emulator.engine.protocol import ContainerInfo
from stackferry.emulator.engine.resources import NetworkInfo
from stackferry.emulator.webnet.discovery import Discovery
from stackferry.emulator.webnet.gate_container import ADDRESS


class Shared:
    """An engine with one network, made by hand, and whatever gates are in it."""

    def __init__(self) -> None:
        self.gates: list[ContainerInfo] = []

    def inspect_network(self, name: str) -> NetworkInfo | None:
        return NetworkInfo(name, name, "bridge", {}, ("10.0.0.0/24",), ()) if name == "shared" else None

    def inspect(self, _container: str) -> None:
        return None

    def containers(self, labels: dict[str, str]) -> list[ContainerInfo]:
        assert labels == {GATE: "shared"}
        return self.gates


def gate(stack: str, address: str, status: str = "running") -> ContainerInfo:
    name = f"{stack}.gate.shared"
    marks = {STACK: stack, GATE: "shared"}
    return ContainerInfo(name, name, "gate", marks, status, addresses={"shared": address} if address else {})


def discovery() -> tuple[Discovery, Any, list[None]]:
    engine, news = Shared(), []
    typed: Any = engine
    return Discovery(typed, "s", lambda: StackRecord("s"), lambda: news.append(None)), engine, news


def test_gates_of_other_stacks_are_peers() -> None:
    found, engine, _ = discovery()
    engine.gates = [gate("t", "10.0.0.209"), gate("s", "10.0.0.129"), gate("u", "10.0.0.193"), gate("v", "", "created")]
    found.network("shared")

    assert found.facts.peers == {"shared": (IPv4Address("10.0.0.193"), IPv4Address("10.0.0.209"))}
    assert found.facts.areas["shared"].external
    assert str(found.facts).splitlines()[1:] == ["peer 10.0.0.193 in shared", "peer 10.0.0.209 in shared"]


def test_a_gate_that_added_its_address_is_there() -> None:
    found, engine, _ = discovery()
    other = gate("t", "10.0.0.2")
    engine.gates = [replace(other, labels={**other.labels, ADDRESS: "10.0.0.209"})]
    found.network("shared")

    assert found.facts.peers == {"shared": (IPv4Address("10.0.0.209"),)}


def test_after_a_restart_of_the_manager_a_gate_is_where_it_was() -> None:
    found, engine, _ = discovery()
    mine = gate("s", "10.0.0.3")
    engine.inspect = lambda _: replace(mine, labels={**mine.labels, ADDRESS: "10.0.0.209"})
    found.network("shared")

    area = found.facts.areas["shared"]
    assert (area.gate, area.unasked) == (IPv4Address("10.0.0.209"), True)
    found.plain()
    found.network("shared")
    assert found.facts.areas == {}


def test_only_what_is_new_is_told() -> None:
    found, engine, news = discovery()
    found.network("shared")
    known = len(news)
    found.peers("shared")
    assert len(news) == known

    engine.gates = [gate("t", "10.0.0.209")]
    found.peers("shared")
    assert len(news) == known + 1
    engine.gates = [gate("t", "10.0.0.209", "exited")]
    found.peers("shared")
    assert len(news) == known + 2
    assert found.facts.peers == {"shared": ()}


def test_networks_that_are_not_ours_are_not_looked_at() -> None:
    found, _, news = discovery()
    found.peers("probe")
    found.network("nowhere")

    assert (found.facts.areas, found.facts.peers, news) == ({}, {}, [])
