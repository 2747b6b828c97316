from ipaddress import IPv4Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackferry.emulator.webnet.dns import (
    PEERS_PORT,
    Entry,
    HostName,
    Resolver,
    host_name,
    spread,
    tasks_name,
    virtual,
)

WEB = (HostName("s_web"), HostName("web"))
TASKS = [IPv4Address("10.0.0.2"), IPv4Address("10.0.0.3")]


@pytest.mark.parametrize("text", ["web", "s_web", "a.b", "A-1", "_x", "a" * 60])
def test_names(text: str) -> None:
    assert host_name(text) == text


@pytest.mark.parametrize("text", ["", "-a", "a-", "a b", "a\n", "a/b", "a.", ".a", "é", "a#b", "a" * 260, "a\0"])
def test_no_names(text: str) -> None:
    assert host_name(text) is None


@given(st.text())
def test_no_name_ends_its_line(text: str) -> None:
    name = host_name(text)

    assert name is None or len(f"10.0.0.1 {name}\n".split()) == 2


def test_a_resolver_as_files() -> None:
    entries = (*virtual(WEB, [IPv4Address("10.0.0.129")], TASKS), *spread((HostName("db"),), TASKS[:1]))
    resolver = Resolver(IPv4Address("10.0.0.128"), (IPv4Address("10.9.9.9"),), entries, (tasks_name(HostName("web")),))

    assert resolver.hosts() == (
        "10.0.0.129 s_web web\n10.0.0.2 tasks.s_web tasks.web\n10.0.0.3 tasks.s_web tasks.web\n10.0.0.2 db tasks.db\n"
    )
    # Names without a dot stay here, all others are asked of its server.
    assert resolver.servers_file() == "server=/tasks.web/\nserver=//\nserver=10.9.9.9\n"
    assert Resolver(IPv4Address("10.0.0.128")).servers_file() == "server=//\nserver=127.0.0.11\n"
    assert str(Entry(TASKS[0], WEB)) == "10.0.0.2 s_web web"


def test_what_is_below_a_name_of_ours_is_as_it_is_elsewhere() -> None:
    resolver = Resolver(IPv4Address("10.0.0.128"), own=(HostName("db.example"), tasks_name(HostName("db.example"))))

    assert resolver.servers_file().splitlines()[:3] == [
        "server=/db.example/",
        "server=/*.db.example/#",
        "server=/tasks.db.example/",
    ]


def test_other_stacks_gates_are_asked_first_and_are_told_of_one_network_alone() -> None:
    peers = (IPv4Address("10.0.0.193"), IPv4Address("10.0.0.209"))
    asks = Resolver(IPv4Address("10.0.0.128"), own=(HostName("tasks.web"),), peers=peers)
    tells = Resolver(IPv4Address("10.0.0.128"), own=(HostName("tasks.web"),), port=PEERS_PORT)

    assert asks.servers_file().splitlines() == [
        "server=/tasks.web/",
        "server=//10.0.0.193#5353",
        "server=10.0.0.193#5353",
        "server=//10.0.0.209#5353",
        "server=10.0.0.209#5353",
        "server=127.0.0.11",
    ]
    assert tells.servers_file() == "server=/tasks.web/\n"
    assert (asks.place, tells.place) == ("10.0.0.128", "10.0.0.128@5353")
