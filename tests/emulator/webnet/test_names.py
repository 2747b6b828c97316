from ipaddress import IPv4Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.webnet.names import Entry, HostName, Resolver, host_name, spread, tasks_name, virtual

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
    entries = (*virtual(WEB, IPv4Address("10.0.0.129"), TASKS), *spread((HostName("db"),), TASKS[:1]))
    resolver = Resolver(IPv4Address("10.0.0.128"), (IPv4Address("10.9.9.9"),), entries, (tasks_name(HostName("web")),))

    assert resolver.hosts() == (
        "10.0.0.129 s_web web\n10.0.0.2 tasks.s_web tasks.web\n10.0.0.3 tasks.s_web tasks.web\n10.0.0.2 db tasks.db\n"
    )
    assert resolver.servers_file() == "server=/tasks.web/\n"
    assert resolver.options() == "--no-resolv --server=10.9.9.9"
    assert Resolver(IPv4Address("10.0.0.128")).options() == ""
    assert str(Entry(TASKS[0], WEB)) == "10.0.0.2 s_web web"
