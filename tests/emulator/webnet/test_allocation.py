from dataclasses import replace
from ipaddress import IPv4Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackferry.emulator.cluster.spec import PublishedPort
from stackferry.emulator.cluster.state import TaskState
from stackferry.emulator.control.change import remove_service
from stackferry.emulator.webnet.allocation import allocate, is_virtual, of_gate
from stackferry.grammar.diagnostics import StackferryError
from tests.emulator.webnet.stack import cluster, facts, service, task

NETWORKS = facts("s_a", "s_b")
PORTS = (PublishedPort(80, 8080),)


def vips(found: object) -> dict[str, dict[str, str]]:
    return {one.spec.name: dict(one.vips) for one in found.services.values()}


def test_a_service_gets_one_address_per_network() -> None:
    before = cluster((service("web", "s_a", "s_b"), service("db", "s_b"), service("rr", "s_b", mode="dnsrr")))

    assert vips(allocate(before, NETWORKS)) == {
        "s_web": {"s_a": "10.0.0.129", "s_b": "10.0.1.129", "s_a+s_b": "10.0.0.130"},
        "s_db": {"s_b": "10.0.1.130"},
        "s_rr": {},
    }


def test_it_keeps_them_and_a_second_pass_changes_nothing() -> None:
    first = allocate(cluster((service("web", "s_a"), service("db", "s_a"))), NETWORKS)
    assert allocate(first, NETWORKS) is first
    without = replace(first, services={key: one for key, one in first.services.items() if key != "web-id"})
    added = replace(without, services={**without.services, "new-id": service("new", "s_a")})

    assert vips(allocate(added, NETWORKS)) == {"s_db": {"s_a": "10.0.0.130"}, "s_new": {"s_a": "10.0.0.129"}}


def test_a_removed_service_keeps_its_own_until_its_last_task_is_gone() -> None:
    made = allocate(cluster((service("web", "s_a"),)), NETWORKS)

    assert vips(allocate(remove_service(made, "web-id"), NETWORKS)) == {"s_web": {"s_a": "10.0.0.129"}}


def test_a_network_that_a_service_left_stays_while_tasks_are_in_it() -> None:
    old = service("web", "s_a")
    moved = replace(old, spec=service("web", "s_b").spec, vips={"s_a": "10.0.0.135"})

    kept = allocate(cluster((moved,), (task(old, 1),)), NETWORKS)
    assert vips(kept)["s_web"] == {"s_a": "10.0.0.135", "s_b": "10.0.1.129"}
    gone = allocate(cluster((moved,), (task(old, 1, TaskState.SHUTDOWN),)), NETWORKS)
    assert vips(gone)["s_web"] == {"s_b": "10.0.1.129"}


def test_tasks_of_several_services_share_a_resolver() -> None:
    services = (service("one", "s_a", "s_b"), service("two", "s_b", "s_a"))
    services = (services[0], replace(services[1], vips={"s_a+s_b": "10.0.0.140"}))

    assert {one["s_a+s_b"] for one in vips(allocate(cluster(services), NETWORKS)).values()} == {"10.0.0.140"}


def test_servers_of_their_own_make_another_resolver() -> None:
    made = allocate(cluster((service("web", "s_a", dns=("10.9.9.9",)),)), NETWORKS)

    assert vips(made)["s_web"] == {"s_a": "10.0.0.129", "s_a@10.9.9.9": "10.0.0.130"}


def test_the_resolver_is_outside_of_networks_that_are_shut_off() -> None:
    made = allocate(cluster((service("web", "s_a", "s_b"),)), facts("s_a", "s_b", internal="s_a"))

    assert vips(made)["s_web"]["s_b+s_a"].startswith("10.0.1.")


def test_addresses_of_users_are_theirs() -> None:
    made = allocate(cluster((service("fixed", "s_a", fixed="10.0.0.129"),)), NETWORKS)

    assert vips(made)["s_fixed"] == {"s_a": "10.0.0.130"}


def test_no_address_left_is_an_error() -> None:
    with pytest.raises(StackferryError, match=r"no free IP address in 10\.0\.0\.0/24 for s_n15"):
        allocate(cluster(tuple(service(f"n{one}", "s_a") for one in range(20))), NETWORKS)


def test_an_address_outside_of_the_network_is_given_anew() -> None:
    made = allocate(cluster((replace(service("web", "s_a"), vips={"s_a": "192.168.0.1"}),)), NETWORKS)

    assert vips(made)["s_web"] == {"s_a": "10.0.0.129"}


@given(st.lists(st.tuples(st.booleans(), st.booleans(), st.sampled_from(["vip", "dnsrr"])), max_size=10))
def test_nobody_has_anothers_address(kinds: list[tuple[bool, bool, str]]) -> None:
    services = tuple(
        service(f"n{at}", *(["s_a"] if a else []), *(["s_b"] if b else []), mode=mode)
        for at, (a, b, mode) in enumerate(kinds)
    )
    made = allocate(cluster(services), NETWORKS)

    given_out = [(key, one) for found in made.services.values() for key, one in found.vips.items() if "+" not in key]
    shared = {one for found in made.services.values() for key, one in found.vips.items() if "+" in key}
    assert len(shared) <= 1
    assert len({one for _, one in given_out} | shared) == len(given_out) + len(shared)
    assert allocate(made, NETWORKS) is made


def test_the_gate_of_published_ports_has_an_address_of_its_own() -> None:
    hosts = (PublishedPort(80, 8080, mode="host"),)
    services = (service("web", "s_a", ports=PORTS), service("db", "s_a"), service("here", "s_a", ports=hosts))
    made = allocate(cluster(services), NETWORKS)

    # After all virtual ones, so that those are what they would be without.
    assert vips(made) == {
        "s_web": {"s_a": "10.0.0.129", "gate:s_a": "10.0.0.132"},
        "s_db": {"s_a": "10.0.0.130"},
        "s_here": {"s_a": "10.0.0.131"},
    }
    assert allocate(made, NETWORKS) is made


def test_it_keeps_it_and_there_is_none_where_it_could_not_help() -> None:
    web = replace(service("web", "s_a", ports=PORTS), vips={"gate:s_a": "10.0.0.140"})

    assert vips(allocate(cluster((web,)), NETWORKS))["s_web"]["gate:s_a"] == "10.0.0.140"
    shut = facts("s_a", internal="s_a")
    assert "gate:s_a" not in vips(allocate(cluster((web,)), shut))["s_web"]
    assert vips(allocate(cluster((web,)), replace(NETWORKS, plain=True)))["s_web"] == {}


def test_virtual_addresses_come_first_where_there_are_few() -> None:
    area = NETWORKS.areas["s_a"]
    small = replace(NETWORKS, areas={"s_a": replace(area, last=IPv4Address("10.0.0.131"))})
    web = service("web", "s_a", ports=PORTS)
    alone = allocate(cluster((web, service("b", "s_a", ports=PORTS))), small)
    assert vips(alone) == {"s_web": {"s_a": "10.0.0.129", "gate:s_a": "10.0.0.131"}, "s_b": {"s_a": "10.0.0.130"}}

    more = replace(alone, services={**alone.services, "c-id": service("c", "s_a")})
    assert vips(allocate(more, small)) == {
        "s_web": {"s_a": "10.0.0.129"},
        "s_b": {"s_a": "10.0.0.130"},
        "s_c": {"s_a": "10.0.0.131"},
    }


def test_which_keys_are_virtual_addresses() -> None:
    keys = ("s_a", "s_a+s_b", "s_a@fd00::9", of_gate("s_a"))

    assert [is_virtual(one) for one in keys] == [True, False, False, False]
