"""Which workloads foreign NetworkPolicies cut off."""

from typing import Any

import pytest

from stackferry.translator import Options
from stackferry.translator.cluster.isolation import cut_off
from tests.translator.making import service, translated

EVERYTHING = {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}


def policy(spec: dict[str, Any], **labels: str) -> dict[str, Any]:
    return {"metadata": {"name": "theirs", "labels": labels}, "spec": spec}


def found(*policies: dict[str, Any], own: bool = False, **keys: Any) -> list[tuple[str, tuple[str, ...]]]:
    made = translated(service(**keys), options=Options(network_policies=own))
    return [(one.id, one.directions) for one in cut_off(policies, made.objects, "shop")]


def test_a_namespace_that_is_closed() -> None:
    assert found(policy(EVERYTHING)) == [("Deployment/web", ("Ingress", "Egress"))]
    assert found() == []


def test_one_rule_is_enough() -> None:
    opened = {"podSelector": {}, "policyTypes": ["Egress"], "egress": [{"ports": [{"port": 53}]}]}

    assert found(policy(EVERYTHING), policy(opened)) == [("Deployment/web", ("Ingress",))]


def test_policies_of_the_stack_open_it() -> None:
    assert found(policy(EVERYTHING), own=True) == []


def test_what_the_stack_had_before_does_not_count() -> None:
    ours = {"app.kubernetes.io/instance": "shop", "app.kubernetes.io/managed-by": "stackferry"}

    assert found(policy(EVERYTHING, **ours)) == []


def test_the_network_of_the_host_has_no_policies() -> None:
    assert found(policy(EVERYTHING), network_mode="host") == []


NAME = "app.kubernetes.io/name"


@pytest.mark.parametrize(
    ("selector", "is_picked"),
    [
        ({"matchLabels": {NAME: "web"}}, True),
        ({"matchLabels": {NAME: "db"}}, False),
        ({"matchExpressions": [{"key": NAME, "operator": "In", "values": ["web"]}]}, True),
        ({"matchExpressions": [{"key": NAME, "operator": "NotIn", "values": ["web"]}]}, False),
        ({"matchExpressions": [{"key": NAME, "operator": "Exists"}]}, True),
        ({"matchExpressions": [{"key": NAME, "operator": "DoesNotExist"}]}, False),
    ],
)
def test_selectors(selector: dict[str, Any], is_picked: bool) -> None:
    assert bool(found(policy({"podSelector": selector, "policyTypes": ["Ingress"]}))) is is_picked


def test_in_words() -> None:
    made = translated(service())
    (isolated,) = cut_off([policy({**EVERYTHING, "policyTypes": ["Ingress"]})], made.objects, "shop")

    assert str(isolated) == "nothing can reach it, because of NetworkPolicy/theirs in the namespace"
