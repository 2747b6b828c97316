"""Conflicts between published ports."""

import pytest

from stackferry.emulator.cluster.objects import Service
from stackferry.emulator.cluster.port_conflicts import collide, refuse_taken
from stackferry.emulator.cluster.spec import EndpointSpec, PublishedPort, ServiceSpec
from stackferry.grammar.diagnostics import StackferryError


@pytest.mark.parametrize(
    ("address", "other", "does"),
    [
        ("", "", True),
        ("", "127.0.0.1", True),
        ("127.0.0.1", "127.0.0.1", True),
        ("127.0.0.1", "127.0.0.2", False),
        ("0.0.0.0", "127.0.0.1", True),
        ("0.0.0.0", "::", False),
        ("::", "::1", True),
        ("0.0.0.0", "::1", False),
        ("0.0.0.0", "", True),
    ],
)
def test_addresses(address: str, other: str, does: bool) -> None:
    first, second = PublishedPort(1, 80, host_ip=address), PublishedPort(2, 80, host_ip=other)

    assert (collide(first, second), collide(second, first)) == (does, does)


@pytest.mark.parametrize(
    "other",
    [
        PublishedPort(1, 81),
        PublishedPort(1, 80, "udp"),
    ],
)
def test_others_are_free(other: PublishedPort) -> None:
    assert not collide(PublishedPort(1, 80), other)
    assert not collide(PublishedPort(1, 0), PublishedPort(1, 0))


def test_ports_of_nodes_are_kept_apart_by_the_scheduler() -> None:
    host = PublishedPort(1, 80, mode="host")

    assert not collide(host, host)
    assert collide(host, PublishedPort(1, 80))


def test_refusal() -> None:
    spec = ServiceSpec("b", endpoint=EndpointSpec(ports=(PublishedPort(1, 80),)))
    holder = Service("id", ServiceSpec("a", endpoint=EndpointSpec(ports=(PublishedPort(1, 80, mode="host"),))))

    with pytest.raises(StackferryError, match=r"^port '80' is already in use by service 'a' \(id\) as a host-publ"):
        refuse_taken(spec, [holder])
    refuse_taken(holder.spec, [holder])
