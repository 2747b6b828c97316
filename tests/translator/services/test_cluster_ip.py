"""Internal Services: reachable by name, on every port that the container is known to listen on."""

from typing import Any

import pytest

from stackferry.grammar.compose.model.attachments import NetworkAttachment, Port
from stackferry.grammar.compose.model.deploy import Deploy
from stackferry.grammar.compose.model.runtime import Healthcheck
from stackferry.grammar.compose.model.terms import PortRange
from stackferry.translator import Options
from tests.translator.making import body_of, codes, container, ids, note, service, translated


def spec_of(identifier: str = "Service/web", **keys: Any) -> dict[str, Any]:
    spec: dict[str, Any] = body_of(translated(service(**{"image": "me/app", **keys})), identifier)["spec"]
    return spec


def test_without_a_known_port_it_is_headless() -> None:
    spec = spec_of()

    assert spec["clusterIP"] == "None"
    assert "ports" not in spec


def test_headless_is_told_where_somebody_may_call() -> None:
    app = service("app", image="me/app", expose=("80",), environment={"CACHE": "web"})
    found = translated(service(image="me/app"), app)

    assert codes(found) == ["headless"]
    assert note(found, "headless").path == ("services", "web")
    assert "app would" in note(found, "headless").message
    assert note(found, "headless").hint.endswith("kubectl delete service web")
    assert codes(translated(service(image="me/app"))) == []


def test_a_known_port_gives_it_an_address_and_says_how_it_is_known() -> None:
    found = translated(service(image="postgres:17"))

    assert body_of(found, "Service/web")["spec"]["ports"] == [
        {"name": "tcp-5432", "port": 5432, "targetPort": 5432, "protocol": "TCP"}
    ]
    assert note(found, "known-ports").message == "also listens on 5432 (image postgres)"
    assert "ports" not in container(found)


def test_a_port_that_only_a_peer_knows_is_added_to_those_listed() -> None:
    found = translated(
        service(image="me/app", ports=(Port(target=8080),)), service("app", environment={"URL": "http://web:9090/"})
    )

    assert [port["port"] for port in body_of(found, "Service/web")["spec"]["ports"]] == [8080, 9090]


CHECK = Healthcheck(test=("CMD", "true"))
SELF = Healthcheck(test=("CMD", "wget", "http://web:80/"))


@pytest.mark.parametrize(
    ("keys", "shown"),
    [
        ({}, False),
        ({"healthcheck": CHECK}, True),
        ({"healthcheck": CHECK, "scale": 2}, False),
        ({"healthcheck": SELF, "scale": 2}, True),
        ({"healthcheck": Healthcheck(disable=True)}, False),
    ],
    ids=str,
)
def test_pods_that_are_not_ready_are_shown_where_a_check_could_hide_them(keys: dict[str, Any], shown: bool) -> None:
    assert spec_of(**keys).get("publishNotReadyAddresses", False) is shown


def test_a_ring_of_checks_is_shown_whatever_the_replicas() -> None:
    first = service(healthcheck=Healthcheck(test=("CMD", "wget", "http://db:80/")), scale=3)
    second = service("db", healthcheck=Healthcheck(test=("CMD", "wget", "http://web:80/")), scale=3)
    found = translated(first, second)

    assert all(body_of(found, f"Service/{name}")["spec"]["publishNotReadyAddresses"] for name in ("web", "db"))


def test_ports_of_whoever_uses_its_network_are_its_own() -> None:
    found = translated(
        service("vpn", image="me/vpn", ports=(Port(target=8080),)),
        service("app", image="me/app", network_mode="service:vpn", expose=("9000",)),
        service("web", environment={"APP": "http://app:9000"}),
    )

    assert [port["port"] for port in body_of(found, "Service/vpn")["spec"]["ports"]] == [8080, 9000]
    assert "Service/app" not in ids(found.objects)
    assert note(found, "no-name").hint == "reach it at vpn"


def test_whoever_shares_only_processes_keeps_its_name() -> None:
    found = translated(service(), service("debug", image="me/debug", pid="service:web", expose=("9",)))

    assert body_of(found, "Service/debug")["spec"]["selector"]["app.kubernetes.io/name"] == "web"
    assert [port["port"] for port in body_of(found, "Service/web")["spec"]["ports"]] == [80]


def test_two_of_a_pod_on_one_port() -> None:
    found = translated(service(), service("debug", pid="service:web"))

    assert note(found, "port-clash").path == ("services", "debug")


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
    assert body_of(found, "Service/shopfront")["spec"] == body_of(found, "Service/web")["spec"]


def test_link_names_the_other_service() -> None:
    found = translated(service(links=("db:database", "db")), service("db"))

    assert body_of(found, "Service/database")["spec"]["selector"]["app.kubernetes.io/name"] == "db"


def test_alias_that_is_a_service_already_gets_a_note() -> None:
    found = translated(service(container_name="db"), service("db"))

    assert note(found, "alias-clash").path == ("services", "web", "container_name")
    assert body_of(found, "Service/db")["spec"]["selector"]["app.kubernetes.io/name"] == "db"


def test_alias_that_is_no_dns_label_gets_a_note() -> None:
    assert codes(translated(service(container_name="my_web", image="x"))) == ["alias"]


def test_the_name_of_the_api_server_needs_a_namespace_of_its_own() -> None:
    own = service("kubernetes", ports=(Port(target=80),))

    assert "namespace" in note(translated(own), "api-service").hint
    assert "api-service" not in codes(translated(own, options=Options(namespace="shop")))


def test_no_network_no_service() -> None:
    assert ids(translated(service(network_mode="none")).objects) == ["Deployment/web"]
