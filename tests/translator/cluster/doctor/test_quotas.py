"""Whether the stack fits into the namespace's quotas."""

from typing import Any

from stackferry.translator.cluster.doctor.facts import Asking, Facts
from stackferry.translator.cluster.doctor.quotas import counts, quotas
from stackferry.translator.manifest.manifests import Manifest

OBJECTS = (
    Manifest("Deployment", "web", "shop", {"spec": {"replicas": 3}}),
    Manifest("Job", "once", "shop", {"spec": {"parallelism": 2}}),
    Manifest("Service", "web", "shop", {"spec": {"type": "NodePort", "ports": [{}, {}]}}),
    Manifest("Service", "db", "shop", {"spec": {}}),
    Manifest("ConfigMap", "c", "shop", {}),
)


def told(hard: dict[str, str], used: dict[str, str] | None = None, limits: tuple[Any, ...] = ()) -> list[str]:
    quota = {"metadata": {"name": "q"}, "status": {"hard": hard, "used": used or {}}}
    facts = Facts("v1.34.4", True, {}, quotas=(quota,), limits=limits)
    return [f"{one.verdict} {one.message}" for one in quotas(facts, Asking("shop", "shop", OBJECTS))]


def test_what_is_counted() -> None:
    assert counts(OBJECTS) == {"pods": 5, "services": 2, "services.nodeports": 2, "configmaps": 1}


def test_a_quota_with_room() -> None:
    assert told({"pods": "5", "limits.cpu": "2"}) == ["ok ResourceQuota/q has room: pods 0/5, limits.cpu 0/2"]


def test_a_quota_without() -> None:
    assert told({"pods": "10", "services.nodeports": "1"}, {"pods": "6"}) == [
        "FAIL ResourceQuota/q: 4 of 10 pods are left, and the stack needs 5",
        "FAIL ResourceQuota/q: 1 of 1 services.nodeports are left, and the stack needs 2",
    ]
    assert told({"count/configmaps": "1"}, {"count/configmaps": "2"}) == [
        "FAIL ResourceQuota/q: 0 of 1 configmaps are left, and the stack needs 1"
    ]


def test_limits_that_are_given() -> None:
    item = {"type": "Container", "default": {"memory": "64Mi"}}
    limits = ({"metadata": {"name": "small"}, "spec": {"limits": [item, {"type": "Pod"}]}},)

    assert told({}, limits=limits)[-1] == ("warn LimitRange/small: a container without limits gets at most memory 64Mi")
