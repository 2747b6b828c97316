"""The API paths of kinds."""

import pytest

from stackferry.translator.cluster.resources import collection, path


@pytest.mark.parametrize(
    ("kind", "namespace", "expected"),
    [
        ("Service", "shop", "/api/v1/namespaces/shop/services"),
        ("Deployment", "shop", "/apis/apps/v1/namespaces/shop/deployments"),
        ("NetworkPolicy", "shop", "/apis/networking.k8s.io/v1/namespaces/shop/networkpolicies"),
        ("Ingress", "shop", "/apis/networking.k8s.io/v1/namespaces/shop/ingresses"),
        ("Namespace", "shop", "/api/v1/namespaces"),
        ("Node", None, "/api/v1/nodes"),
        ("Pod", None, "/api/v1/pods"),
    ],
)
def test_collection(kind: str, namespace: str | None, expected: str) -> None:
    assert collection(kind, namespace) == expected


def test_names_are_quoted() -> None:
    assert path("ConfigMap", "a/b", "c?d") == "/api/v1/namespaces/a%2Fb/configmaps/c%3Fd"
