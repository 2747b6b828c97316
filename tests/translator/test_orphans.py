"""Objects that the cluster has of a stack but the stack no longer has."""

from typing import Any

import pytest

from stackferry.grammar.compose.model.attachments import Mount
from stackferry.grammar.compose.model.resources import Volume
from stackferry.grammar.diagnostics import StackferryError
from stackferry.translator import Options, orphans, query
from stackferry.translator.manifest.manifests import API
from stackferry.translator.orphans import GATEWAY, KEPT, REMOVED
from tests.translator.making import ids, service, translated


def held(
    kind: str, name: str, *, instance: str = "shop", manager: str = "stackferry", spec: Any = None, **metadata: Any
) -> Any:
    labels = {"app.kubernetes.io/instance": instance, "app.kubernetes.io/managed-by": manager}
    head = {"name": name, "namespace": "default", "labels": labels, **metadata}
    return {"apiVersion": API.get(kind, "v1"), "kind": kind, "metadata": head, "data": {"much": "more"}, "spec": spec}


def left(*objects: Any, namespace: str | None = None) -> list[str]:
    return ids(orphans({"kind": "List", "items": list(objects)}, translated(service("web")), namespace))


def test_every_kind_is_removed_or_kept_for_a_reason() -> None:
    assert {*REMOVED, *GATEWAY, *KEPT} == set(API)


def test_what_the_stack_has_stays() -> None:
    assert left(held("Deployment", "web"), held("Service", "web")) == []


def test_what_it_no_longer_has_goes() -> None:
    """A service that is gone, one that became a Deployment, an old content, ports that were taken back."""
    objects = [held("Service", "web-published"), held("ConfigMap", "c-0123456789"), held("Job", "web")]

    assert left(*objects, held("Deployment", "old")) == [
        "Deployment/old",
        "Job/web",
        "Service/web-published",
        "ConfigMap/c-0123456789",
    ]


def test_a_service_that_no_apply_can_change_is_made_anew() -> None:
    assert left(held("Service", "web", spec={"clusterIP": "None"})) == ["Service/web"]
    assert left(held("Service", "web", spec={"clusterIP": "10.96.0.7"})) == []


def test_claims_of_slots_can_only_be_changed_anew() -> None:
    """The server keeps the StatefulSet's claims as they were; deleting it deletes no claim."""
    mount = Mount(type="volume", source="data", target="/data")
    stack = translated(service(volumes=(mount,)), volumes={"data": Volume(name="data-{{.Task.Slot}}")})
    (slot,) = stack.index["StatefulSet/web"].body["spec"]["volumeClaimTemplates"]
    more = {**slot, "metadata": {**slot["metadata"], "name": "more"}}
    nobodys = {**slot, "metadata": {"name": "data"}}
    before = ([slot], [slot, more], [nobodys])
    live = [held("StatefulSet", "web", spec={"volumeClaimTemplates": claims}) for claims in before]

    found = [ids(orphans({"items": [one]}, stack)) for one in live]
    assert found == [[], ["StatefulSet/web"], ["StatefulSet/web"]]


@pytest.mark.parametrize(
    "foreign",
    [
        held("PersistentVolumeClaim", "data"),
        held("Namespace", "shop"),
        held("Pod", "old-abc"),
        held("ConfigMap", "theirs", instance="other"),
        held("ConfigMap", "mine", manager="Helm"),
        held("Job", "nightly-29", ownerReferences=[{"kind": "CronJob", "name": "nightly"}]),
        {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "bare"}},
    ],
    ids=lambda one: f"{one['kind']}/{one['metadata']['name']}",
)
def test_data_and_what_is_not_ours_is_left_alone(foreign: Any) -> None:
    assert left(foreign) == []


def test_only_the_namespace_of_the_stack_is_cleared() -> None:
    old = held("Deployment", "old", namespace="production")

    assert left(old, namespace="production") == ["Deployment/old"]
    assert left(old, namespace="test") == []


def test_only_the_name_is_told() -> None:
    (found,) = orphans({"items": [held("Secret", "old")]}, translated(service("web")))

    assert found.body == {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "old", "namespace": "default"}}


@pytest.mark.parametrize("nonsense", [None, [], {}, {"items": ["pod/x"]}, {"items": [{"kind": "Pod"}]}])
def test_anything_but_a_list_of_objects_is_refused(nonsense: object) -> None:
    with pytest.raises(StackferryError, match="not a list of objects"):
        orphans(nonsense, translated(service("web")))


def test_the_query_asks_for_the_stack_alone() -> None:
    assert query("shop", Options()).endswith(" -l app.kubernetes.io/instance=shop -o json")
    assert query("shop", Options(namespace="test")).startswith("kubectl get -n test deploy,")


def test_kinds_that_a_cluster_may_not_know_are_asked_for_only_where_they_are_used() -> None:
    assert "httproutes" not in query("shop", Options())
    assert "httproutes" in query("shop", Options(publish="gateway"))
