"""The four ways to expose published ports, and the notes about each."""

import pytest

from stackferry.grammar.compose.model.attachments import Port
from stackferry.grammar.compose.model.deploy import Deploy
from stackferry.grammar.compose.model.terms import PortRange
from stackferry.translator import Options, Translation
from stackferry.translator.options import Publish
from tests.translator.making import body_of, ids, note, service, translated


def port(target: int, published: str, **keys: str) -> Port:
    return Port(target=target, published=PortRange(published), **keys)  # type: ignore[arg-type]


WEB = service(ports=(port(80, "8080"), port(80, "8081")))
DB = service("db", image="postgres", ports=(port(5432, "5432"), port(53, "53", protocol="udp")))


def made(publish: Publish, *services: object, **keys: object) -> Translation:
    return translated(*services, options=Options(publish=publish, **keys))  # type: ignore[arg-type]


def doors(found: Translation) -> list[str]:
    return [str(door) for door in found.doors]


def test_node_ports() -> None:
    found = made("nodeport", service(ports=(port(80, "30080"), port(53, "30053", protocol="udp"), port(81, "81"))))

    assert doors(found) == [
        "web 30080/tcp: http://$(minikube ip):30080",
        "web 30053/udp: $(minikube ip):30053",
        "web 81/tcp: minikube service web-published --url, or kubectl get service web-published",
    ]
    assert "81 is outside the cluster's node port range (30000-32767)" in note(found, "any-node-port").message


def test_a_wider_range_keeps_more_numbers() -> None:
    found = made("nodeport", WEB, node_ports=range(1, 65536))

    assert [each["nodePort"] for each in body_of(found, "Service/web-published")["spec"]["ports"]] == [8080, 8081]


def test_other_doors() -> None:
    found = translated(
        service(ports=(port(80, "8080", host_ip="127.0.0.1"),)),
        service("node", ports=(port(80, "8080", mode="host"),)),
        service("loop", ports=(port(80, "8081", mode="host", host_ip="127.0.0.1"),)),
        service("host", network_mode="host", ports=(port(9090, "9090"),)),
        options=Options(namespace="demo"),
    )

    assert doors(found) == [
        "web 8080/tcp: kubectl port-forward -n demo svc/web 8080:80",
        "node 8080/tcp: http://$(minikube ip):8080",
        "loop 8081/tcp: kubectl port-forward -n demo svc/loop 8081:80",
        "host 9090/tcp: http://$(minikube ip):9090",
    ]


def test_load_balancer() -> None:
    found = made("loadbalancer", DB)
    spec = body_of(found, "Service/db-published")["spec"]

    assert spec["type"] == "LoadBalancer"
    assert [(each["port"], each["protocol"]) for each in spec["ports"]] == [(5432, "TCP"), (53, "UDP")]
    assert doors(found)[0].startswith("db 5432/tcp: $(kubectl get service db-published -o jsonpath=")
    assert "without a controller" in next(each for each in found.notes if "balancer" in each.code).message


def test_gateway() -> None:
    found = made("gateway", WEB, DB, gateway_class="eg")
    gateway = body_of(found, "Gateway/shop")["spec"]

    assert gateway["gatewayClassName"] == "eg"
    assert [(each["name"], each["port"]) for each in gateway["listeners"]] == [("http-8080", 8080), ("http-8081", 8081)]
    assert body_of(found, "HTTPRoute/web-8080")["spec"] == {
        "parentRefs": [{"name": "shop", "sectionName": "http-8080"}],
        "rules": [
            {
                "matches": [{"path": {"type": "PathPrefix", "value": "/"}}],
                "backendRefs": [{"name": "web-published", "port": 8080}],
            }
        ],
    }
    assert body_of(found, "Service/web-published")["spec"]["type"] == "ClusterIP"
    assert body_of(found, "Service/db-published")["spec"]["type"] == "NodePort"
    assert [door.service for door in found.doors] == ["db", "db", "web", "web"]


def test_ingress() -> None:
    found = made("ingress", WEB, ingress_class="nginx")

    assert body_of(found, "Ingress/web-8080")["spec"] == {
        "ingressClassName": "nginx",
        "rules": [
            {
                "host": "web.shop.test",
                "http": {
                    "paths": [
                        {
                            "path": "/",
                            "pathType": "Prefix",
                            "backend": {"service": {"name": "web-published", "port": {"number": 8080}}},
                        }
                    ]
                },
            }
        ],
    }
    assert body_of(found, "Ingress/web-8081")["spec"]["rules"][0]["host"] == "web-8081.shop.test"


LABELS = {"traefik.http.routers.w.rule": "Host(`a.example`) && PathPrefix(`/x`)", "traefik.enable": "true"}


@pytest.mark.parametrize("publish", ["gateway", "ingress"])
def test_labels_of_proxies_are_routes(publish: Publish) -> None:
    middleware = "traefik.http.routers.w.middlewares"
    found = made(publish, service(deploy=Deploy(labels={**LABELS, middleware: "auth"})))
    kind = {"gateway": "HTTPRoute", "ingress": "Ingress"}[publish]

    assert f"{kind}/web-route" in ids(found.objects)
    fates = {each.path[-1]: each.kind.value for each in found.notes if "labels" in each.path}
    assert fates == {**dict.fromkeys(LABELS, "approximated"), middleware: "needs action"}
    assert "--publish" not in note(found, "docker-label").hint


def test_labels_stay_as_they_are_for_node_ports() -> None:
    found = made("nodeport", service(labels=LABELS))

    assert {each.kind.value for each in found.notes if each.code == "kubernetes-docker-label"} == {"needs action"}
    assert all("--publish" in each.hint for each in found.notes if each.code == "kubernetes-docker-label")


def test_nobody_publishes_for_whoever_uses_anothers_network() -> None:
    found = made("nodeport", service("vpn"), service(network_mode="service:vpn", ports=(port(80, "80"),)))

    assert note(found, "unpublished").hint == "publish it on vpn"
