from dataclasses import replace
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackferry.emulator.desired.networks import NetworkSpec
from stackferry.emulator.engine.resources import NetworkInfo, Pool
from stackferry.emulator.webnet.address import POOLS, area, choose, host_routes, planned
from stackferry.grammar.diagnostics import StackferryError

subnets = st.builds(
    lambda number, prefix: IPv4Network((number >> (32 - prefix) << (32 - prefix), prefix)),
    st.integers(int(IPv4Address("10.200.0.0")), int(IPv4Address("10.230.0.0"))),
    st.integers(12, 30),
)


def info(subnet: str, ip_range: str = "", gateway: str = "", driver: str = "bridge") -> NetworkInfo:
    ranges = (ip_range,) if ip_range else ()
    return NetworkInfo("id", "n", driver, {}, (subnet,), ranges, (gateway,) if gateway else ())


def test_the_first_free_one() -> None:
    assert choose([]) == IPv4Network("10.208.0.0/24")
    assert choose([IPv4Network("10.208.0.0/24")]) == IPv4Network("10.208.1.0/24")
    assert choose([IPv4Network("10.0.0.0/8")]) == IPv4Network("172.20.0.0/24")
    assert choose([IPv4Network("10.208.0.128/25"), IPv4Network("10.208.1.0/25")]) == IPv4Network("10.208.2.0/24")


@pytest.mark.parametrize(("tasks", "services", "prefix"), [(0, 0, 24), (60, 5, 24), (100, 1, 23), (10, 200, 22)])
def test_it_grows_with_what_is_asked(tasks: int, services: int, prefix: int) -> None:
    assert choose([], tasks, services).prefixlen == prefix


def test_no_room_is_an_error() -> None:
    with pytest.raises(StackferryError, match="no free /24 subnet"):
        choose(POOLS)


@given(st.lists(subnets, max_size=30), st.integers(0, 500), st.integers(0, 300))
def test_what_is_chosen_meets_nothing(taken: list[IPv4Network], tasks: int, services: int) -> None:
    chosen = choose(taken, tasks, services)

    assert not any(one.overlaps(chosen) for one in taken)
    assert chosen.num_addresses >= 4 * max(tasks, services)


def test_half_of_a_network_is_kept_from_the_engine() -> None:
    made = planned(NetworkSpec("n", "n"), IPv4Network("10.208.0.0/24"))

    assert made.pools == (Pool("10.208.0.0/24", "10.208.0.0/25"),)


def test_a_users_pool_is_respected() -> None:
    written = (Pool("10.9.0.0/16", gateway="10.9.1.1"), Pool("10.8.0.0/24", "10.8.0.64/26"), Pool("10.7.0.0/29"))
    spec = NetworkSpec("n", "n", pools=written)

    assert planned(spec, IPv4Network("10.208.0.0/24")).pools == (
        Pool("10.9.0.0/16", "10.9.0.0/17", "10.9.1.1"),
        *written[1:],
    )


def test_ipv6_gets_a_pool() -> None:
    pools = planned(NetworkSpec("n", "n", ipv6=True), IPv4Network("10.208.0.0/24")).pools

    assert IPv6Network(pools[1].subnet).prefixlen == 64
    assert IPv6Network(pools[1].subnet).is_private


def test_the_area_of_our_own_network() -> None:
    found = area(info("10.208.0.0/24", "10.208.0.0/25", "10.208.0.1"), "s", external=False)

    assert str(found) == "10.208.0.0/24 gate 10.208.0.128 of 10.208.0.128-10.208.0.191"


def test_gateways_and_others_addresses_are_left_alone() -> None:
    kept = [IPv4Address("10.1.0.129")]
    found = area(info("10.1.0.0/24", "10.1.0.0/25", "10.1.0.128"), "s", external=False, kept=kept)

    assert found is not None
    assert found.gate == IPv4Address("10.1.0.130")
    assert next(found.addresses()) == IPv4Address("10.1.0.131")


def test_a_range_in_the_upper_half() -> None:
    found = area(info("10.1.0.0/24", "10.1.0.128/25"), "s", external=False)

    assert found is not None
    assert (found.gate, found.last) == (IPv4Address("10.1.0.1"), IPv4Address("10.1.0.63"))


def test_stacks_that_share_a_network_have_slices_of_it() -> None:
    shared = info("172.18.0.0/16", gateway="172.18.0.1")
    first_slice, second_slice = (area(shared, name, external=True) for name in ("one", "two"))
    assert first_slice is not None
    assert second_slice is not None
    assert not (first_slice.first <= second_slice.last and second_slice.first <= first_slice.last)
    assert first_slice.first >= IPv4Address("172.18.128.0")
    moved = area(shared, "one", external=True, shift=1)
    assert moved is not None
    assert moved.first != first_slice.first
    found = area(shared, "one", external=True, gate=moved.gate)
    assert found == moved


def test_no_area() -> None:
    assert area(info("10.1.0.0/24", driver="macvlan"), "s", external=True) is None
    assert area(info("fd00::/64"), "s", external=True) is None
    assert area(info("10.1.0.0/31"), "s", external=True) is None


def test_routes_of_the_host() -> None:
    text = (
        "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT\n"
        "eth0\t00000000\t0100000A\t0003\t0\t0\t0\t00000000\t0\t0\t0\n"
        "docker0\t000011AC\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0\n"
    )

    assert host_routes(text) == (IPv4Network("172.17.0.0/16"),)


@pytest.mark.parametrize(
    ("subnet6", "expected"),
    [
        ("fd00:1::/64", "fd00:1::ffff:ad0:81"),
        ("fd00:1::/80", "fd00:1::ffff:ad0:81"),
        # 256 addresses: the second of our own goes to the second of the upper half.
        ("fd00:1::/120", "fd00:1::81"),
        ("fd00:1::/127", None),
    ],
)
def test_an_address_of_ours_has_one_of_ipv6_beside_it(subnet6: str, expected: str | None) -> None:
    both = replace(info("10.208.0.0/24", "10.208.0.0/25"), subnets=("10.208.0.0/24", subnet6))
    found = area(both, "s", external=False)
    alone = area(info("10.208.0.0/24", "10.208.0.0/25"), "s", external=False)

    assert found is not None
    assert alone is not None
    assert found.beside(IPv4Address("10.208.0.129")) == (IPv6Address(expected) if expected else None)
    assert alone.beside(IPv4Address("10.208.0.129")) is None


def test_no_two_addresses_of_ours_have_the_same_one_beside_them() -> None:
    both = replace(info("10.208.0.0/24", "10.208.0.0/25"), subnets=("10.208.0.0/24", "fd00::/120"))
    found = area(both, "s", external=False)

    assert found is not None
    beside = [one for address in found.addresses() if (one := found.beside(address))]
    assert len(beside) == len(set(beside)) > 60
