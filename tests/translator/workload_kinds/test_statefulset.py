"""StatefulSets: services whose tasks know their slot, counted from 1 as a swarm counts."""

from typing import Any

import pytest

from stackferry.grammar.compose.model.attachments import Mount
from stackferry.grammar.compose.model.deploy import Deploy, UpdatePolicy
from stackferry.grammar.compose.model.resources import Volume
from stackferry.grammar.compose.model.terms import Namespace
from stackferry.grammar.compose.syntax.units import Duration
from stackferry.translator import Kind, Translation
from tests.translator.making import body_of, codes, container, ids, note, pod, service, translated

SLOT = {"SLOT": "{{.Task.Slot}}"}
DATA = (Mount(type="volume", source="data", target="/data"),)
OWN = {"data": Volume(name="data-{{.Task.Slot}}")}


def spec(found: Translation) -> dict[str, Any]:
    body: dict[str, Any] = body_of(found, "StatefulSet/web")["spec"]
    return body


def test_slots_are_counted_from_one_and_start_together() -> None:
    found = translated(service(environment=SLOT, deploy=Deploy(replicas=3)))

    assert ids(found.objects) == [
        *("Service/web", "Service/web-tasks", "PodDisruptionBudget/web", "StatefulSet/web"),
    ]
    assert {key: spec(found)[key] for key in ("replicas", "ordinals", "podManagementPolicy", "serviceName")} == {
        "replicas": 3,
        "ordinals": {"start": 1},
        "podManagementPolicy": "Parallel",
        "serviceName": "web-tasks",
    }
    assert body_of(found, "Service/web-tasks")["spec"]["clusterIP"] == "None"


def test_a_slot_in_one_container_makes_the_whole_pod_one_of_a_set() -> None:
    found = translated(service(), service("side", network_mode=Namespace("service:web"), environment=SLOT))

    assert len(spec(found)["template"]["spec"]["containers"]) == 2


def test_a_volume_of_each_slot() -> None:
    found = translated(service(volumes=DATA), volumes=OWN)

    (claim,) = spec(found)["volumeClaimTemplates"]
    assert claim["metadata"]["name"] == "data"
    assert container(found, "StatefulSet/web")["volumeMounts"] == [
        {"name": "data", "mountPath": "/data", "subPath": "data"}
    ]
    assert "volumes" not in pod(found, "StatefulSet/web")
    assert codes(found) == []


def test_a_host_path_of_each_slot_begins_empty() -> None:
    binds = (
        Mount(type="bind", source="/srv/{{.Task.Slot}}", target="/a"),
        Mount(type="bind", source="/srv/{{.Task.Slot}}/b", target="/b"),
    )
    found = translated(service(volumes=binds))

    assert [claim["metadata"]["name"] for claim in spec(found)["volumeClaimTemplates"]] == ["slot-a", "slot-b"]
    assert codes(found) == ["template", "template"]


def test_without_a_set_all_share_one_claim() -> None:
    found = translated(service(volumes=DATA, deploy=Deploy(mode="global")), volumes=OWN)

    assert "PersistentVolumeClaim/" in " ".join(ids(found.objects))
    assert note(found, "template").kind is Kind.NEEDS_ACTION


def test_two_services_do_not_share_what_is_of_a_slot() -> None:
    found = translated(service(volumes=DATA), service("api", volumes=DATA), volumes=OWN)

    assert {"StatefulSet/web", "StatefulSet/api"} <= set(ids(found.objects))
    assert "they share no claim" in note(found, "template").message


@pytest.mark.parametrize(
    ("hostname", "noted"),
    [
        ("web-{{.Task.Slot}}", []),
        ("node{{.Task.Slot}}", ["template"]),
        ("{{.Node.Hostname}}", ["template"]),
        ("fixed", ["hostname"]),
    ],
)
def test_host_names_are_those_of_the_pods(hostname: str, noted: list[str]) -> None:
    found = translated(service(hostname=hostname, environment=SLOT))

    assert "hostname" not in pod(found, "StatefulSet/web")
    assert codes(found) == noted


@pytest.mark.parametrize(
    ("hostname", "names"),
    [
        ("node{{.Task.Slot}}", ["node1", "node2"]),
        ("web-{{.Task.Slot}}", ["web-1", "web-2"]),
        ("n_{{.Task.Slot}}", ["n-1", "n-2"]),
        ("{{.Task.Slot}}.{{.Task.ID}}", []),
    ],
)
def test_peers_call_each_slot_by_its_host_name(hostname: str, names: list[str]) -> None:
    peer = service("peer", environment={"FIRST": f"http://{hostname.replace('{{.Task.Slot}}', '1')}:9000"})
    found = translated(service(hostname=hostname, deploy=Deploy(replicas=2), environment=SLOT), peer)

    services = {each.name: each.body["spec"] for each in found.objects if each.kind == "Service"}
    assert sorted(set(services) - {"web", "web-tasks", "peer"}) == names
    assert [services[name]["selector"]["apps.kubernetes.io/pod-index"] for name in names] == ["1", "2"][: len(names)]
    if names:
        assert container(found, "Deployment/peer")["env"][0]["value"] == f"http://{names[0]}:9000"


def test_updates_go_one_by_one() -> None:
    policy = UpdatePolicy(parallelism=2, order="start-first", delay=Duration(3_000_000_000), failure_action="rollback")
    found = translated(service(environment=SLOT, deploy=Deploy(replicas=3, update_config=policy)))

    assert spec(found)["minReadySeconds"] == 3
    assert sorted(codes(found)) == ["failure-action", "one-by-one", "stop-first"]
    assert "sts/web" in note(found, "failure-action").hint


def test_a_long_name_leaves_room_for_what_pods_are_labelled_with() -> None:
    name = "a" * 60
    found = translated(service(name, environment=SLOT))

    (workload,) = [each for each in found.objects if each.kind == "StatefulSet"]
    assert len(workload.name) <= 52
