"""What an apply would do, according to a cluster in memory."""

from typing import Any

import pytest

from stackferry.grammar.compose.model.attachments import Port
from stackferry.grammar.compose.model.terms import PortRange
from stackferry.translator import Options
from stackferry.translator.cluster.apply import apply, remove
from stackferry.translator.cluster.errors import ClusterError
from stackferry.translator.cluster.held import held
from stackferry.translator.cluster.plan import Change, Plan, Step, left_over, plan
from tests.translator.cluster.fake import FakeCluster
from tests.translator.making import service, translated

NAMED = Options(namespace="shop")


def planned(cluster: FakeCluster, *services: Any) -> Plan:
    made = translated(*services, options=NAMED)
    return plan(cluster, made, held(cluster, "shop", "shop"), "shop")


def put(cluster: FakeCluster, *services: Any) -> None:
    apply(cluster, translated(*services, options=NAMED).objects, "shop", lambda *_: None)


def changes(found: Plan) -> dict[str, Change]:
    return {step.id: step.change for step in found.steps}


def test_from_nothing_all_is_created_and_nobody_is_asked() -> None:
    cluster = FakeCluster()

    found = planned(cluster, service(expose=("80",)))

    assert set(changes(found).values()) == {Change.CREATED}
    assert not [asked for asked in cluster.asked if asked.startswith("PATCH")]
    assert found.summary() == "3 to create"


def test_what_is_the_same_is_left_alone() -> None:
    cluster = FakeCluster()
    put(cluster, service(expose=("80",)))

    found = planned(cluster, service(expose=("80",)))

    assert found.is_empty
    assert (str(found), found.summary()) == ("", "3 unchanged")


def test_a_change_says_which_fields() -> None:
    cluster = FakeCluster()
    put(cluster, service(expose=("80",)))

    found = planned(cluster, service(expose=("80",), image="nginx:2"))

    (step,) = [step for step in found.steps if step.change is Change.CHANGED]
    assert step.id == "Deployment/web"
    assert step.fields == ("spec.template.spec.containers[0].image: nginx:1 -> nginx:2",)


def test_what_the_stack_no_longer_has_is_removed_and_nobody_elses() -> None:
    cluster = FakeCluster()
    put(cluster, service(expose=("80",)), service("old", expose=("80",)))
    labels = {"app.kubernetes.io/instance": "shop", "app.kubernetes.io/managed-by": "stackferry"}
    cluster.put("ConfigMap", "by-hand", metadata={"labels": labels})
    cluster.put("PersistentVolumeClaim", "data", metadata={"labels": labels})

    found = planned(cluster, service(expose=("80",)))

    assert [step.id for step in found.steps if step.change is Change.REMOVED] == ["Deployment/old", "Service/old"]


def test_a_service_that_turns_headless_is_made_anew() -> None:
    cluster = FakeCluster()
    put(cluster, service(expose=("80",), image="mine"))

    found = planned(cluster, service(image="mine"))

    assert changes(found)["Service/web"] is Change.REPLACED


def test_left_over_tells_the_two_apart() -> None:
    cluster = FakeCluster()
    put(cluster, service(expose=("80",), image="mine"), service("old"))
    made = translated(service(image="mine"), options=NAMED)

    gone, anew = left_over(made, held(cluster, "shop", "shop"), "shop")

    assert [one.id for one in gone] == ["Deployment/old", "Service/old"]
    assert [one.id for one in anew] == ["Service/web"]


def test_what_is_gone_already_is_no_error() -> None:
    cluster = FakeCluster()
    put(cluster, service())
    deployment = translated(service(), options=NAMED).index["Deployment/web"]

    assert remove(cluster, deployment, "shop")
    assert not remove(cluster, deployment, "shop")


def test_what_the_server_refuses_is_told_with_its_object() -> None:
    cluster = FakeCluster()
    put(cluster, service(expose=("80",)))
    cluster.refuse = lambda method, path: (
        (422, "Invalid", "spec.selector: field is immutable") if method == "PATCH" and "deployments" in path else None
    )

    with pytest.raises(ClusterError, match=r"apply Deployment/web: spec\.selector") as error:
        planned(cluster, service(expose=("80",), image="nginx:2"))

    assert "delete it" in error.value.hint


def test_a_port_that_moves_to_another_service_is_asked_for_twice() -> None:
    taken = ["web"]

    def refuse(method: str, path: str) -> tuple[int, str, str] | None:
        if method == "PATCH" and path.endswith("/services/web-published") and taken:
            taken.pop()
            return 422, "Invalid", "spec.ports[0].nodePort: Invalid value: 30080: provided port is already allocated"
        return None

    cluster = FakeCluster(refuse)
    put(cluster, service(ports=(Port(target=80, published=PortRange("30080")),)))

    assert "Service/web-published" in cluster.ids()


def test_a_port_of_somebody_else_is_an_error() -> None:
    refused = (422, "Invalid", "nodePort: provided port is already allocated")
    cluster = FakeCluster(lambda method, path: refused if method == "PATCH" and "/services/" in path else None)

    with pytest.raises(ClusterError, match="apply Service/web: nodePort: provided port is already allocated"):
        put(cluster, service(expose=("80",)))


def test_kinds_that_the_cluster_does_not_know_hold_nothing() -> None:
    cluster = FakeCluster(lambda _, path: (404, "NotFound", "") if "gateway" in path else None)

    assert held(cluster, "shop", "shop").objects == {}


def test_what_may_not_be_looked_at_is_told() -> None:
    def refuse(_: str, path: str) -> tuple[int, str, str] | None:
        return (403, "Forbidden", "no") if path.endswith(("/roles", "/rolebindings", "/namespaces/shop")) else None

    cluster = FakeCluster()
    put(cluster, service())
    cluster.refuse = refuse

    found = held(cluster, "shop", "shop")

    assert found.unseen == ("Role", "RoleBinding")
    assert found.namespace == {}, "nobody says whether it is there"
    assert "Deployment/web" in found.objects


def test_a_server_that_is_broken_is_an_error() -> None:
    cluster = FakeCluster(lambda _, path: (500, "", "no") if "secrets" in path else None)

    with pytest.raises(ClusterError, match="list Secret in shop: no"):
        held(cluster, "shop", "shop")


def test_steps_in_words() -> None:
    assert str(Step(Change.CHANGED, "Deployment/web", ("a: 1 -> 2",))) == "change Deployment/web\n  a: 1 -> 2"
    assert Plan(()).summary() == "nothing to do"
