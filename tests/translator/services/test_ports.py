"""Ports of containers: names that Kubernetes accepts, application protocols, host ports."""

from typing import Any

import pytest

from stackferry.grammar.compose.model.attachments import Port
from stackferry.grammar.compose.model.terms import PortRange
from tests.translator.making import body_of, codes, container, note, service, translated


def ports(*given: Port, **keys: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = container(translated(service(ports=given, **keys)))["ports"]
    return found


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("web", "web"),
        ("Web_UI", "web-ui"),
        ("a-very-long-port-name", "a-very-long-por"),
        ("8080", "tcp-80"),
        ("--", "tcp-80"),
        ("a--b", "a-b"),
        (None, "tcp-80"),
    ],
)
def test_names(name: str | None, expected: str) -> None:
    assert ports(Port(target=80, name=name))[0]["name"] == expected


def test_names_are_unique() -> None:
    names = [
        each["name"] for each in ports(Port(target=80, name="tcp-81"), Port(target=81), Port(target=82, name="tcp-81"))
    ]

    assert len(set(names)) == 3


def test_host_mode_is_a_port_of_the_node() -> None:
    found = translated(service(ports=(Port(target=80, published=PortRange("8080"), mode="host"),)))

    assert container(found)["ports"][0]["hostPort"] == 8080
    assert "Service/web-published" not in found.index
    assert codes(found) == ["host-port"]


def test_host_mode_of_a_port_that_is_published_as_well() -> None:
    given = (
        Port(target=80, published=PortRange("30080")),
        Port(target=80, published=PortRange("8080"), mode="host"),
        Port(target=80, published=PortRange("8081"), mode="host"),
    )
    found = translated(service(ports=given))

    assert [each["hostPort"] for each in container(found)["ports"]] == [8080]
    assert note(found, "host-port-taken").path == ("services", "web", "ports", 2, "mode")
    assert [(door.port, door.text) for door in found.doors] == [
        (8080, "http://$(minikube ip):8080"),
        (30080, "http://$(minikube ip):30080"),
    ]


def test_app_protocol() -> None:
    found = translated(service(ports=(Port(target=80, app_protocol="http2"), Port(target=81, app_protocol="http"))))

    assert [each["appProtocol"] for each in body_of(found, "Service/web")["spec"]["ports"]] == [
        "kubernetes.io/h2c",
        "http",
    ]


def test_number_that_is_no_port_is_told() -> None:
    assert codes(translated(service(ports=(Port(target=0),)))) == ["port"]


@pytest.mark.parametrize("text", ["nonsense", "0", "70000", "1-60000"])
def test_what_is_no_port_is_told(text: str) -> None:
    assert codes(translated(service(expose=(text,)))) == ["expose"]


def test_nothing_exposes_nothing() -> None:
    found = translated(service(expose=("", " ", "80")))

    assert codes(found) == []
    assert [each["containerPort"] for each in ports(expose=("", " ", "80"))] == [80]


def test_range_of_expose_is_every_port() -> None:
    assert [each["containerPort"] for each in ports(expose=("3000-3002", "53/udp"))] == [3000, 3001, 3002, 53]


def test_names_stay_unique_whatever_the_others_are_called() -> None:
    given = (Port(target=1, name="tcp-3"), Port(target=2, name="x-tcp-3"), Port(target=3))

    assert [each["name"] for each in ports(*given, expose=("3/udp",))] == ["tcp-3", "x-tcp-3", "x2-tcp-3", "udp-3"]
    assert [each["name"] for each in ports(*given[:2], expose=("3",))] == ["tcp-3", "x-tcp-3", "x2-tcp-3"]


@pytest.mark.parametrize(
    ("host", "expected"), [("127.0.0.1", "127.0.0.1"), ("[::1]", "::1"), ("localhost", "127.0.0.1"), ("0.0.0.0", None)]
)
def test_host_mode_on_one_address_is_open_on_no_other(host: str, expected: str | None) -> None:
    port = Port(target=80, published=PortRange("8080"), mode="host", host_ip=host)

    assert ports(port)[0].get("hostIP") == expected
    assert ("host-port-address" in codes(translated(service(ports=(port,))))) is (expected is not None)


def test_a_number_of_two_protocols_is_told() -> None:
    assert note(translated(service(expose=("53", "53/udp"))), "protocols").hint == "kubectl apply --server-side"
