"""Which nodes a pod may run on."""

from typing import Any

import pytest

from stackferry.grammar.compose.model.deploy import Deploy, Placement, Preference
from stackferry.grammar.compose.model.terms import Constraint
from stackferry.translator.pod.scheduling import CONTROL_PLANE
from tests.translator.making import codes, pod, service, translated


def placed(constraints: tuple[str, ...] = (), **keys: Any) -> Any:
    placement = Placement(constraints=tuple(map(Constraint, constraints)), **keys)
    return translated(service(deploy=Deploy(replicas=2, placement=placement)))


@pytest.mark.parametrize(
    ("platform", "expected"),
    [
        ("linux/amd64", {"kubernetes.io/os": "linux", "kubernetes.io/arch": "amd64"}),
        ("linux/arm64/v8", {"kubernetes.io/os": "linux", "kubernetes.io/arch": "arm64"}),
        ("linux", {"kubernetes.io/os": "linux"}),
        ("x86_64", {"kubernetes.io/arch": "amd64"}),
    ],
)
def test_platform(platform: str, expected: dict[str, str]) -> None:
    assert pod(translated(service(platform=platform)))["nodeSelector"] == expected


@pytest.mark.parametrize(
    ("constraint", "expected"),
    [
        ("node.role==manager", {"key": CONTROL_PLANE, "operator": "Exists"}),
        ("node.role != worker", {"key": CONTROL_PLANE, "operator": "Exists"}),
        ("node.hostname==minikube", {"key": "kubernetes.io/hostname", "operator": "In", "values": ["minikube"]}),
        ("node.platform.arch == x86_64", {"key": "kubernetes.io/arch", "operator": "In", "values": ["amd64"]}),
        ("node.labels.disk!=hdd", {"key": "disk", "operator": "NotIn", "values": ["hdd"]}),
    ],
)
def test_constraint(constraint: str, expected: dict[str, Any]) -> None:
    affinity = pod(placed(constraints=(constraint,)))["affinity"]["nodeAffinity"]

    (term,) = affinity["requiredDuringSchedulingIgnoredDuringExecution"]["nodeSelectorTerms"]
    assert term["matchExpressions"] == [expected]


def test_all_constraints_must_hold() -> None:
    found = placed(constraints=("node.labels.a==1", "node.labels.a==1", "node.labels.b==2"))

    (term,) = pod(found)["affinity"]["nodeAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"][
        "nodeSelectorTerms"
    ]
    assert [each["key"] for each in term["matchExpressions"]] == ["a", "a", "b"]


def test_worker_is_only_preferred_since_minikube_has_none() -> None:
    found = placed(constraints=("node.role==worker",))

    assert "requiredDuringSchedulingIgnoredDuringExecution" not in pod(found)["affinity"]["nodeAffinity"]
    assert codes(found) == ["worker-preferred"]


@pytest.mark.parametrize("constraint", ["node.id==x", "engine.labels.x==y", "nonsense", "node.labels.a==not legal"])
def test_constraint_without_a_counterpart_is_told(constraint: str) -> None:
    found = placed(constraints=(constraint,))

    assert "affinity" not in pod(found)
    assert codes(found) == ["constraint"]


def test_spread() -> None:
    found = placed(preferences=(Preference("node.labels.zone"), Preference("node.labels.zone")))

    (constraint,) = pod(found)["topologySpreadConstraints"]
    assert constraint["topologyKey"] == "zone"
    assert constraint["labelSelector"]["matchLabels"]["app.kubernetes.io/name"] == "web"


@pytest.mark.parametrize(("most", "code"), [(1, "one-per-node"), (2, "replicas-per-node")])
def test_replicas_per_node(most: int, code: str) -> None:
    found = placed(max_replicas_per_node=most)

    assert codes(found) == [code]
    assert ("affinity" in pod(found)) is (most == 1)
