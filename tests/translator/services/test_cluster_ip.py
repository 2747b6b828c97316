"""Internal Services: reachable by name, on the container's ports, from the first second."""

from typing import Any

import pytest

from stackferry.grammar.compose.model.attachments import NetworkAttachment, Port
from stackferry.grammar.compose.model.deploy import Deploy
from stackferry.grammar.compose.model.terms import PortRange
from tests.translator.making import codes, ids, note, one, service, translated


def spec_of(identifier: str = "Service/web", **keys: Any) -> dict[str, Any]:
    spec: dict[str, Any] = one(translated(service(**keys)), identifier)["spec"]
    return spec


def test_without_ports_it_is_headless() -> None:
    """72 % of real services publish nothing and are called by name."""
    spec = spec_of()

    assert spec["clusterIP"] == "None"
    assert spec["publishNotReadyAddresses"] is True
    assert "ports" not in spec


def test_port_is_the_containers_not_the_hosts() -> None:
    spec = spec_of(ports=(Port(target=5432, published=PortRange("15432")),), expose=("5433/udp", "5432"))

    assert spec["type"] == "ClusterIP"
    assert spec["ports"] == [
        {"name": "tcp-5432", "port": 5432, "targetPort": 5432, "protocol": "TCP"},
        {"name": "udp-5433", "port": 5433, "targetPort": 5433, "protocol": "UDP"},
    ]


def test_dnsrr_is_headless_with_ports() -> None:
    spec = spec_of(ports=(Port(target=80),), deploy=Deploy(endpoint_mode="dnsrr"))

    assert spec["clusterIP"] == "None"
    assert [port["port"] for port in spec["ports"]] == [80]


@pytest.mark.parametrize(
    "keys",
    [
        {"container_name": "shopfront"},
        {"hostname": "shopfront"},
        {"networks": {"net": NetworkAttachment(aliases=("shopfront",))}},
    ],
    ids=str,
)
def test_further_names_are_services_too(keys: dict[str, Any]) -> None:
    found = translated(service(**keys))

    assert "Service/shopfront" in ids(found.objects)
    assert one(found, "Service/shopfront")["spec"] == one(found, "Service/web")["spec"]


def test_link_names_the_other_service() -> None:
    found = translated(service(links=("db:database", "db")), service("db"))

    assert one(found, "Service/database")["spec"]["selector"]["app.kubernetes.io/name"] == "db"


def test_alias_that_is_a_service_already_gets_a_note() -> None:
    found = translated(service(container_name="db"), service("db"))

    assert note(found, "alias-clash").path == ("services", "web", "container_name")
    assert one(found, "Service/db")["spec"]["selector"]["app.kubernetes.io/name"] == "db"


def test_alias_that_is_no_dns_label_gets_a_note() -> None:
    assert codes(translated(service(container_name="my_web"))) == ["alias"]


def test_no_network_no_service() -> None:
    assert ids(translated(service(network_mode="none")).objects) == ["Deployment/web"]
