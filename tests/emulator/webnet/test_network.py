"""Creating a network while many others are created, or while a foreign one has its name."""

from pathlib import Path
from typing import Any

import pytest

from stackferry.emulator.cluster.labels import NAMESPACE, of_stack
from stackferry.emulator.cluster.ownership import PROJECT
from stackferry.emulator.desired.networks import NetworkSpec
from stackferry.emulator.engine.protocol import EngineError
from stackferry.emulator.engine.resources import Pool
from stackferry.emulator.fake.clock import VirtualClock
from stackferry.emulator.fake.engine import FakeEngine
from stackferry.emulator.webnet.network import has_network, make_network, remove_network
from stackferry.grammar.diagnostics import StackferryError


class Crowded:
    """An engine where others are faster so many times."""

    def __init__(self, faster: int) -> None:
        self.faster = faster
        self.asked: list[str] = []

    def networks(self, _labels: object) -> list[Any]:
        return []

    def create_network(self, _name: str, body: Any) -> str:
        self.asked.append(body["IPAM"]["Config"][0]["Subnet"])
        if len(self.asked) <= self.faster:
            raise EngineError("Pool overlaps with other one on this address space", status=403)
        return "id"


def test_twenty_stacks_at_once_each_get_a_share_of_their_own() -> None:
    engine: Any = Crowded(19)

    make_network(engine, NetworkSpec("front", "shop_front"), {})

    assert len(engine.asked) == len({*engine.asked}) == 20


def test_the_subnet_of_a_network_that_is_made_later_stays_free(tmp_path: Path) -> None:
    engine: Any = Crowded(0)
    routes = tmp_path / "route"  # not this host's own: other tests have their stacks on it
    routes.write_text("Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\n")
    front, later = NetworkSpec("front", "shop_front"), NetworkSpec("back", "shop_back", pools=(Pool("10.208.0.0/24"),))
    broken = NetworkSpec("odd", "shop_odd", pools=(Pool("no subnet"), Pool("fd00::/64"), Pool()))

    make_network(engine, front, {}, [front, later, broken], routes)
    make_network(engine, later, {}, [front, later, broken], routes)

    assert engine.asked == ["10.208.1.0/24", "10.208.0.0/24"]


def test_what_this_host_has_a_route_to_is_not_chosen(tmp_path: Path) -> None:
    engine: Any = Crowded(0)
    routes = tmp_path / "route"
    routes.write_text(
        "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\n"
        "vpn0\t0000D00A\t00000000\t0001\t0\t0\t0\t00FFFFFF\n"  # 10.208.0.0/24
    )

    make_network(engine, NetworkSpec("front", "shop_front"), {}, routes=routes)
    make_network(engine, NetworkSpec("back", "shop_back"), {}, routes=tmp_path / "absent")

    assert engine.asked == ["10.208.1.0/24", "10.208.0.0/24"]


FOREIGN = [{}, {PROJECT: "shop"}, {NAMESPACE: "shop"}, of_stack("other")]


def with_network(labels: dict[str, str], name: str = "shop_front") -> FakeEngine:
    engine = FakeEngine(VirtualClock())
    engine.create_network(name, {"Labels": labels})
    return engine


def test_the_stacks_own_is_used_and_removed() -> None:
    engine = with_network(of_stack("shop"))

    assert has_network(engine, "shop", "shop_front")
    remove_network(engine, "shop", "shop_front")
    assert not has_network(engine, "shop", "shop_front")
    remove_network(engine, "shop", "shop_front")


@pytest.mark.parametrize("labels", FOREIGN)
def test_somebody_elses_is_neither_used_nor_removed(labels: dict[str, str]) -> None:
    engine = with_network(labels)

    with pytest.raises(StackferryError, match="network shop_front already exists, and ") as refused:
        has_network(engine, "shop", "shop_front", "front")
    assert "`networks: {front: {name: shop_front, external: true}}`" in refused.value.hint
    remove_network(engine, "shop", "shop_front")
    assert engine.inspect_network("shop_front") is not None


def test_the_beginning_of_an_id_is_no_name() -> None:
    """The engine finds a network by either."""
    engine = with_network(of_stack("shop"), "other")
    (info,) = engine.networks(of_stack("shop"))

    assert not has_network(engine, "shop", info.id)
    remove_network(engine, "shop", info.id)
    assert engine.inspect_network("other") is not None
