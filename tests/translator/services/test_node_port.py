"""The published Service: exposes what the outside may reach, and nothing more."""

import pytest

from stackferry.grammar.compose.model.attachments import Port
from stackferry.grammar.compose.model.terms import PortRange
from stackferry.translator import Options, Translation
from tests.translator.making import body_of, codes, ids, note, service, translated


def published(*ports: Port, options: Options | None = None) -> Translation:
    return translated(service(ports=ports), options=options)


def entries(found: Translation) -> list[tuple[int, int, int | None]]:
    spec = body_of(found, "Service/web-published")["spec"]
    assert spec["type"] == "NodePort"
    return [(port["port"], port["targetPort"], port.get("nodePort")) for port in spec["ports"]]


@pytest.mark.parametrize(
    ("port", "expected"),
    [
        (Port(target=80, published=PortRange("8080")), (8080, 80, None)),
        (Port(target=80, published=PortRange("30080")), (30080, 80, 30080)),
        (Port(target=80, published=PortRange("32768")), (32768, 80, None)),
        (Port(target=80, published=PortRange("29999")), (29999, 80, None)),
        (Port(target=80), (80, 80, None)),
        (Port(target=80, published=PortRange("0")), (80, 80, None)),
        (Port(target=80, published=PortRange("8080"), host_ip="0.0.0.0"), (8080, 80, None)),
        (Port(target=80, published=PortRange("8000-8010")), (8000, 80, None)),
    ],
    ids=str,
)
def test_port(port: Port, expected: tuple[int, int, int | None]) -> None:
    assert entries(published(port)) == [expected]


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "[::1]", "127.0.0.53", "localhost"])
def test_loopback_stays_inside(host: str) -> None:
    found = published(Port(target=80, published=PortRange("8080"), host_ip=host), options=Options(namespace="demo"))

    assert "Service/web-published" not in ids(found.objects)
    assert note(found, "loopback").hint == "kubectl port-forward -n demo svc/web 8080:80"


def test_other_address_is_published_with_a_warning() -> None:
    found = published(Port(target=80, published=PortRange("80"), host_ip="10.0.0.7"))

    assert entries(found) == [(80, 80, None)]
    assert codes(found) == ["host-ip", "any-node-port"]


def test_both_address_families_are_one_port() -> None:
    ports = (
        Port(target=80, published=PortRange("80"), host_ip="0.0.0.0"),
        Port(target=80, published=PortRange("80"), host_ip="::"),
    )

    assert entries(published(*ports)) == [(80, 80, None)]


def test_ranges_take_the_first_that_is_free() -> None:
    ports = (Port(target=80, published=PortRange("8000-8001")), Port(target=81, published=PortRange("8000-8001")))

    assert entries(published(*ports)) == [(8000, 80, None), (8001, 81, None)]


def test_one_target_published_twice() -> None:
    found = published(Port(target=80, published=PortRange("8080")), Port(target=80, published=PortRange("8081")))

    assert entries(found) == [(8080, 80, None), (8081, 80, None)]
    assert len({port["name"] for port in body_of(found, "Service/web-published")["spec"]["ports"]}) == 2
    assert len(body_of(found, "Service/web")["spec"]["ports"]) == 1


def test_same_number_for_two_protocols() -> None:
    found = published(
        Port(target=53, published=PortRange("53")), Port(target=53, published=PortRange("53"), protocol="udp")
    )

    assert [port["name"] for port in body_of(found, "Service/web-published")["spec"]["ports"]] == ["tcp-53", "udp-53"]


def test_node_port_is_pinned_once_in_a_stack() -> None:
    port = Port(target=80, published=PortRange("30080"))
    found = translated(service(ports=(port,)), service("api", ports=(port,)))

    assert body_of(found, "Service/web-published")["spec"]["ports"][0]["nodePort"] == 30080
    assert "nodePort" not in body_of(found, "Service/api-published")["spec"]["ports"][0]
    assert codes(found) == ["node-port", "node-port-taken"]


def test_a_service_may_already_have_the_name() -> None:
    found = translated(service(ports=(Port(target=80),)), service("web-published"))

    assert len([each for each in ids(found.objects) if each.startswith("Service/web-published")]) == 2


def test_long_names_stay_legal() -> None:
    name = "w" * 63
    found = translated(service(name, ports=(Port(target=80),)))

    assert all(len(each.name) <= 63 for each in found.objects)


def test_names_are_unique() -> None:
    """A port that is published twice takes a name by its second number, unless another port is called so."""
    ports = (
        Port(target=1, published=PortRange("13"), name="p-14-tcp"),
        Port(target=2, published=PortRange("14"), name="tcp-14"),
        Port(target=1, published=PortRange("15")),
        Port(target=3, published=PortRange("16"), name="tcp-17"),
        Port(target=3, published=PortRange("17")),
    )
    spec = body_of(published(*ports), "Service/web-published")["spec"]

    assert [port["name"] for port in spec["ports"]] == ["p-14-tcp", "tcp-14", "tcp-15", "tcp-17", "x-tcp-17"]


@pytest.mark.parametrize("mode", ["host", "none"])
def test_without_a_network_of_its_own_nothing_is_published_and_that_is_told(mode: str) -> None:
    found = translated(service(network_mode=mode, ports=(Port(target=80, published=PortRange("8080")),)))

    assert "Service/web-published" not in found.index
    assert note(found, "unpublished").path == ("services", "web", "ports", 0)
