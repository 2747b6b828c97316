"""The addresses of published ports."""

from typing import Any

import pytest

from stackferry.translator.cluster.addresses import addresses, node_address


def node(ready: str, **known: str) -> dict[str, Any]:
    return {
        "status": {
            "conditions": [{"type": "Ready", "status": ready}],
            "addresses": [{"type": kind, "address": address} for kind, address in known.items()],
        }
    }


@pytest.mark.parametrize(
    ("nodes", "expected"),
    [
        ([node("True", InternalIP="10.0.0.1", ExternalIP="1.2.3.4")], "1.2.3.4"),
        ([node("False", InternalIP="10.0.0.1"), node("True", InternalIP="10.0.0.2")], "10.0.0.2"),
        ([node("True")], None),
        ([], None),
    ],
)
def test_the_address_of_a_node(nodes: list[dict[str, Any]], expected: str | None) -> None:
    assert node_address(nodes) == expected


def service(kind: str = "NodePort", status: Any = None, **port: Any) -> dict[str, Any]:
    metadata = {"name": "web-published", "labels": {"app.kubernetes.io/name": "web"}}
    return {"metadata": metadata, "spec": {"type": kind, "ports": [port]}, "status": status}


@pytest.mark.parametrize(
    ("service_object", "expected"),
    [
        (service(port=8080, targetPort=80, nodePort=30080), ["http://10.0.0.1:30080"]),
        (service(port=5432, targetPort=5432, nodePort=30432), ["10.0.0.1:30432"]),
        (service("ClusterIP", port=80), []),
        (
            service("LoadBalancer", {"loadBalancer": {"ingress": [{"ip": "9.9.9.9"}]}}, port=80, nodePort=30001),
            ["http://9.9.9.9:80"],
        ),
        (service("LoadBalancer", {"loadBalancer": {}}, port=80, nodePort=30001), ["http://10.0.0.1:30001"]),
    ],
)
def test_addresses(service_object: dict[str, Any], expected: list[str]) -> None:
    assert [found.url for found in addresses([service_object], "10.0.0.1")] == expected


def test_an_address_of_ipv6_stands_in_brackets() -> None:
    (found,) = addresses([service(port=80, nodePort=30080)], "fd00::1")

    assert found.url == "http://[fd00::1]:30080"
