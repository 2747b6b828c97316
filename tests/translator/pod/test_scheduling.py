"""Which nodes a pod may run on."""

from typing import Any

import pytest

from stackferry.grammar.compose.model.deploy import Deploy, Placement, Preference
from stackferry.grammar.compose.model.terms import Constraint
from stackferry.translator import Kind, Options
from stackferry.translator.pod.scheduling import CONTROL_PLANE
from tests.translator.making import codes, note, pod, service, translated


def placed(options: Options | None = None, constraints: tuple[str, ...] = (), **keys: Any) -> Any:
    placement = Placement(constraints=tuple(map(Constraint, constraints)), **keys)
    return translated(service(deploy=Deploy(replicas=2, placement=placement)), options=options)


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
    affinity = pod(placed(Options(node_roles=True), constraints=(constraint,)))["affinity"]["nodeAffinity"]

    (term,) = affinity["requiredDuringSchedulingIgnoredDuringExecution"]["nodeSelectorTerms"]
    assert term["matchExpressions"] == [expected]


def test_all_constraints_must_hold() -> None:
    found = placed(constraints=("node.labels.a==1", "node.labels.a==1", "node.labels.b==2"))

    (term,) = pod(found)["affinity"]["nodeAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"][
        "nodeSelectorTerms"
    ]
    assert [each["key"] for each in term["matchExpressions"]] == ["a", "a", "b"]


@pytest.mark.parametrize("role", ["worker", "manager"])
def test_a_role_is_only_preferred_where_nodes_may_have_none(role: str) -> None:
    found = placed(constraints=(f"node.role=={role}",))

    assert list(pod(found)["affinity"]["nodeAffinity"]) == ["preferredDuringSchedulingIgnoredDuringExecution"]
    assert codes(found) == ["role"]


def test_a_daemonset_knows_no_preference() -> None:
    placement = Placement(constraints=(Constraint("node.role==manager"),))

    assert (
        note(translated(service(deploy=Deploy(mode="global", placement=placement))), "role").kind is Kind.NEEDS_ACTION
    )


@pytest.mark.parametrize(
    ("constraint", "noted"),
    [
        ("node.labels.disk==ssd", ["node-label"]),
        ("node.labels.disk!=ssd", []),
        ("node.hostname==laptop", ["node-label"]),
        ("node.platform.os==linux", []),
    ],
)
def test_what_a_node_must_have_first_is_told(constraint: str, noted: list[str]) -> None:
    assert codes(placed(constraints=(constraint,))) == noted


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


@pytest.mark.parametrize(
    ("spread", "key"),
    [("datacenter", "datacenter"), ("node.hostname", "kubernetes.io/hostname"), ("engine.labels.x", None)],
)
def test_what_nodes_have_no_label_for_is_told(spread: str, key: str | None) -> None:
    found = placed(preferences=(Preference(spread),))

    assert [each["topologyKey"] for each in pod(found).get("topologySpreadConstraints", [])] == ([key] if key else [])
    assert codes(found) == ([] if key else ["spread"])


def test_one_replica_per_node() -> None:
    found = placed(max_replicas_per_node=1)

    assert "podAntiAffinity" in pod(found)["affinity"]
    assert codes(found) == ["replicas-per-node"]


def test_two_replicas_per_node() -> None:
    found = placed(max_replicas_per_node=2)

    (constraint,) = pod(found)["topologySpreadConstraints"]
    assert (constraint["maxSkew"], constraint["whenUnsatisfiable"]) == (2, "DoNotSchedule")
    assert constraint["minDomains"] > 10**6
    assert codes(found) == []
