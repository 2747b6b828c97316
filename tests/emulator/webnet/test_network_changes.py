"""Detecting changes of a network: by its label, or by the engine's data without a label."""

from dataclasses import replace
from ipaddress import IPv4Network
from typing import Any

import pytest

from stackferry.emulator.cluster.labels import of_stack
from stackferry.emulator.desired.networks import NetworkSpec
from stackferry.emulator.engine.resources import Pool
from stackferry.emulator.fake.clock import VirtualClock
from stackferry.emulator.fake.engine import FakeEngine
from stackferry.emulator.webnet.address import planned
from stackferry.emulator.webnet.network import make_network
from stackferry.emulator.webnet.network_changes import differences, unmet

OWN = of_stack("shop")
PLAIN = NetworkSpec("back", "shop_back", labels=OWN)
FULL = NetworkSpec(
    "back",
    "shop_back",
    options={"com.docker.network.driver.mtu": "1400"},
    pools=(Pool("10.77.0.0/24", "10.77.0.0/26", "10.77.0.9", {"router": "10.77.0.5"}),),
    internal=True,
    ipv4=True,
    ipv6=True,
    labels={"team": "a", **OWN},
)

FULL_POOL = "10.77.0.0/24 ip_range 10.77.0.0/26 gateway 10.77.0.9 router 10.77.0.5"

CHANGES: dict[str, tuple[dict[str, Any], str]] = {
    "internal": ({"internal": False}, "internal (true, now false)"),
    "driver": ({"driver": "macvlan"}, "driver (bridge, now macvlan)"),
    "an option": (
        {"options": {"com.docker.network.driver.mtu": "1300"}},
        "driver_opts.com.docker.network.driver.mtu (1400, now 1300)",
    ),
    "no option": ({"options": {}}, "driver_opts.com.docker.network.driver.mtu (1400, now none)"),
    "IPv6": ({"ipv6": False}, "enable_ipv6 (true, now false)"),
    "a label": ({"labels": {"team": "b", **OWN}}, "labels.team (a, now b)"),
    "another label": ({"labels": {"team": "a", "tier": "1", **OWN}}, "labels.tier (none, now 1)"),
    "the driver of addresses": ({"ipam_driver": "mine"}, "ipam.driver (default, now mine)"),
    "its options": ({"ipam_options": {"a": "1"}}, "ipam.options.a (none, now 1)"),
    "the range": (
        {"pools": (Pool("10.77.0.0/24", "10.77.0.0/27", "10.77.0.9", {"router": "10.77.0.5"}),)},
        f"ipam.config ({FULL_POOL}, now 10.77.0.0/24 ip_range 10.77.0.0/27 gateway 10.77.0.9 router 10.77.0.5)",
    ),
    "the subnet": (
        {"pools": (Pool("10.78.0.0/24"),)},
        f"ipam.config ({FULL_POOL}, now 10.78.0.0/24)",
    ),
    "no subnet": (
        {"pools": ()},
        f"ipam.config ({FULL_POOL}, now none)",
    ),
}


def made(spec: NetworkSpec, *, earlier: bool = False, modern: bool = False) -> Any:
    """The network as the engine tells of it; `earlier`: made by a version that left no label."""
    engine = FakeEngine(VirtualClock(), modern=modern)
    if earlier:
        engine.create_network(spec.name, planned(spec, IPv4Network("10.208.3.0/24")).body())
    else:
        make_network(engine, spec, {})
    return engine.inspect_network(spec.name)


@pytest.mark.parametrize("earlier", [False, True], ids=["labelled", "earlier"])
@pytest.mark.parametrize("modern", [False, True], ids=["20.10", "29"])
@pytest.mark.parametrize("spec", [PLAIN, FULL, replace(PLAIN, ipv6=True), replace(PLAIN, ipv4=True, internal=True)])
def test_what_was_made_as_asked_has_not_changed(spec: NetworkSpec, *, earlier: bool, modern: bool) -> None:
    """Nor do a subnet and a range count that nobody asked for."""
    assert differences(spec, made(spec, earlier=earlier, modern=modern)) == ()


@pytest.mark.parametrize(("change", "said"), CHANGES.values(), ids=CHANGES)
def test_every_key_counts(change: dict[str, Any], said: str) -> None:
    assert [str(one) for one in differences(replace(FULL, **change), made(FULL))] == [said]


@pytest.mark.parametrize("key", [key for key in CHANGES if key != "driver"])
def test_also_of_a_network_without_the_label(key: str) -> None:
    change, said = CHANGES[key]

    found = [str(one) for one in differences(replace(FULL, **change), made(FULL, earlier=True))]

    assert [one.partition(" ")[0] for one in found] == [said.partition(" ")[0]] or key == "IPv6"
    assert found


def test_a_subnet_that_the_file_comes_to_name() -> None:
    """Also where it is the one that was chosen: what was asked for when it was made was none."""
    chosen = replace(PLAIN, pools=(Pool("10.209.0.0/24"),))

    assert [one.key for one in differences(chosen, made(PLAIN))] == ["ipam.config"]
    assert [one.key for one in differences(chosen, made(PLAIN, earlier=True))] == ["ipam.config"]


def test_an_engine_that_names_gateways_and_options_by_itself() -> None:
    """As version 29 does."""
    info = made(replace(PLAIN, pools=(Pool("10.77.0.0/24"),)), earlier=True, modern=True)
    pools = tuple(replace(one, gateway="10.77.0.1") for one in info.pools)
    told = replace(info, pools=pools, options={"com.docker.network.enable_ipv4": "true"})

    assert differences(replace(PLAIN, pools=(Pool("10.77.0.0/24"),)), told) == ()
    assert [one.key for one in differences(PLAIN, told)] == ["ipam.config"]


def test_a_label_that_somebody_else_made() -> None:
    info = made(PLAIN)

    for text in ("", "[]", "{", '{"nothing": 1}'):
        assert differences(PLAIN, replace(info, labels={**info.labels, "io.stackferry.network": text})) == ()


def test_what_is_asked_of_an_external_network() -> None:
    """What the file does not say may be anything; an overlay is a bridge here."""
    info = made(FULL)
    asks = NetworkSpec("back", "shop_back", external=True, driver="")

    for met in (
        asks,
        replace(asks, driver="bridge", internal=True),
        replace(asks, pools=(Pool("10.77.0.0/24"),), labels={"team": "a"}),
        replace(asks, pools=(Pool("10.77.0.0/24", gateway="10.77.0.9", aux_addresses={"router": "10.77.0.5"}),)),
    ):
        assert unmet(met, info) == ()
    assert [str(one) for one in unmet(replace(asks, internal=True, driver="macvlan"), made(PLAIN))] == [
        "driver (bridge, now macvlan)",
        "internal (false, now true)",
    ]
    assert [one.key for one in unmet(replace(asks, pools=(Pool("10.1.0.0/24"),), ipv6=True), made(PLAIN))] == [
        "ipam.config",
        "enable_ipv6",
    ]
