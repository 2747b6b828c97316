"""Pods for copies: created, awaited, refused, removed."""

import itertools
from pathlib import Path
from typing import Any

import pytest

from stackferry.translator.cluster.copying.due import Due
from stackferry.translator.cluster.copying.helper_pod import LABEL, Waiter
from stackferry.translator.cluster.copying.helper_pods import HelperPods
from stackferry.translator.cluster.copying.host_folder import read
from stackferry.translator.cluster.errors import ClusterError
from tests.translator.cluster.copying.claims import LABELS, SHELLS, Claims, copy_of

PODS = "/api/v1/namespaces/shop/pods"


@pytest.fixture
def cluster(tmp_path: Path) -> Claims:
    (tmp_path / "claims").mkdir()
    found = Claims(tmp_path / "claims", SHELLS[0])
    found.add("host-x")
    return found


@pytest.fixture
def due(tmp_path: Path) -> Due:
    (tmp_path / "x").mkdir()
    return Due(read(copy_of(tmp_path / "x")), is_first=True)


def pods_of(cluster: Claims, *, coming: bool = False, patience: float = 60.0) -> HelperPods:
    clock = itertools.count().__next__
    waiters = {"host-x": Waiter("helper:1", is_coming=coming)}
    return HelperPods(cluster, "shop", "shop", waiters, clock, lambda _: None, patience)


def test_they_are_gone_afterwards(cluster: Claims, due: Due) -> None:
    pods = pods_of(cluster)
    place = pods.make(due)
    pods.await_start(place, "host-x")

    assert cluster.objects[f"{PODS}/{place.pod}"]["spec"]["containers"][0]["image"] == "helper:1"
    pods.remove()
    assert cluster.ids() == ["PersistentVolumeClaim/host-x"]


def test_they_go_where_the_services_pod_is_and_wait_a_moment_for_it(cluster: Claims, due: Due) -> None:
    volumes = [{"name": "v", "persistentVolumeClaim": {"claimName": "host-x"}}]
    cluster.put("Pod", "web-1", metadata={"labels": LABELS}, spec={"volumes": volumes})
    pods = pods_of(cluster, coming=True)
    looks = itertools.count()

    def pause(_: float) -> None:
        if next(looks) == 2:
            cluster.objects[f"{PODS}/web-1"]["spec"]["nodeName"] = "node-2"

    pods.pause = pause
    place = pods.make(due)

    assert "node-2" in str(cluster.objects[f"{PODS}/{place.pod}"]["spec"]["affinity"])
    pods.pause = lambda _: None
    del cluster.objects[f"{PODS}/web-1"]
    assert "affinity" not in cluster.objects[f"{PODS}/{pods.make(due).pod}"]["spec"], "nobody came in time"


def test_where_root_is_refused_it_is_tried_without(cluster: Claims, due: Due) -> None:
    made: list[Any] = []

    def request(method: str, path: str, *, body: Any = None, **rest: Any) -> Any:
        if method == "POST":
            made.append(body)
            if body["spec"]["containers"][0]["securityContext"]["runAsUser"] == 0:
                raise ClusterError('pods "x" is forbidden: violates PodSecurity "restricted:latest"', status=403)
        return Claims.request(cluster, method, path, body=body, **rest)

    cluster.request = request  # type: ignore[method-assign]
    pods_of(cluster).make(due)

    assert [body["spec"]["containers"][0]["securityContext"]["runAsUser"] for body in made] == [0, 65534]


def test_another_refusal_is_told(cluster: Claims, due: Due) -> None:
    cluster.refuse = lambda method, _: (403, "Forbidden", "exceeded quota") if method == "POST" else None

    with pytest.raises(ClusterError, match="create a pod that copies into the claim host-x: exceeded quota"):
        pods_of(cluster).make(due)


@pytest.mark.parametrize(
    ("status", "why"),
    [
        (
            {
                "phase": "Pending",
                "containerStatuses": [
                    {"name": "copy", "state": {"waiting": {"reason": "ImagePullBackOff", "message": "no such image"}}}
                ],
            },
            "ImagePullBackOff: no such image",
        ),
        (
            {
                "phase": "Pending",
                "conditions": [
                    {"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": "no memory left"}
                ],
            },
            "no node accepts it: no memory left",
        ),
        ({"phase": "Failed"}, "it is Failed"),
        ({}, "it is nowhere"),
    ],
)
def test_one_that_does_not_start_says_why(cluster: Claims, due: Due, status: dict[str, Any], why: str) -> None:
    pods = pods_of(cluster, patience=200.0)
    place = pods.make(due)
    cluster.objects[f"{PODS}/{place.pod}"]["status"] = status

    with pytest.raises(ClusterError, match=f"Pod/{place.pod} does not start: {why}") as refused:
        pods.await_start(place, "host-x")

    assert "helper:1" in refused.value.hint


def test_what_a_killed_run_has_left_goes_first(cluster: Claims) -> None:
    cluster.put("Pod", "copy-old", metadata={"labels": {**LABELS, LABEL: "host-x"}})
    cluster.put("Pod", "web-1", metadata={"labels": LABELS})

    pods_of(cluster).clear()

    assert cluster.ids() == ["PersistentVolumeClaim/host-x", "Pod/web-1"]


def test_one_that_does_not_go_is_told(cluster: Claims) -> None:
    cluster.put("Pod", "copy-old", metadata={"labels": {**LABELS, LABEL: "host-x"}})
    cluster.refuse = lambda method, _: (404, "NotFound", "") if method == "DELETE" else None

    with pytest.raises(ClusterError, match="Pod/copy-old of an earlier copy does not terminate"):
        pods_of(cluster).clear()


def test_a_cluster_that_is_gone_hides_no_error(cluster: Claims, due: Due) -> None:
    pods = pods_of(cluster)
    pods.make(due)
    cluster.refuse = lambda *_: (500, "", "gone")

    pods.remove()

    assert [each for each in cluster.ids() if each.startswith("Pod/")], "it ends by itself"
