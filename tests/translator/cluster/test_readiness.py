"""The state of workloads, and why pods do not run."""

from typing import Any

import pytest

from stackferry.translator.cluster.readiness import Standing, standings

LABELS = {"app.kubernetes.io/name": "web"}


def workload(kind: str = "Deployment", spec: dict[str, Any] | None = None, **status: Any) -> dict[str, Any]:
    metadata = {"name": "web", "generation": 2, "labels": LABELS}
    return {"kind": kind, "metadata": metadata, "spec": spec or {}, "status": {"observedGeneration": 2, **status}}


def daemons(updated: int) -> dict[str, Any]:
    return workload("DaemonSet", desiredNumberScheduled=2, numberReady=2, updatedNumberScheduled=updated)


def unschedulable(message: str) -> dict[str, Any]:
    condition = {"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": message}
    return pod(conditions=[condition])


def pod(*containers: dict[str, Any], init: tuple[dict[str, Any], ...] = (), **rest: Any) -> dict[str, Any]:
    status = {"containerStatuses": list(containers), "initContainerStatuses": list(init), **rest}
    return {"metadata": {"name": "web-1", "labels": LABELS}, "status": status}


def waiting(reason: str, message: str = "", **rest: Any) -> dict[str, Any]:
    return {"name": "web", "state": {"waiting": {"reason": reason, "message": message}}, **rest}


def standing(body: dict[str, Any], *pods: dict[str, Any], events: tuple[dict[str, Any], ...] = ()) -> Standing:
    (found,) = standings([body], pods, events)
    return found


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (workload(replicas=1, updatedReplicas=1, readyReplicas=1), (1, 1, True, False)),
        (workload(replicas=2, updatedReplicas=1, readyReplicas=1), (1, 1, False, False)),
        (workload(observedGeneration=1, replicas=1, updatedReplicas=1, readyReplicas=1), (1, 1, False, False)),
        (workload(spec={"replicas": 3}, replicas=3, updatedReplicas=3, readyReplicas=2), (2, 3, False, False)),
        (workload(spec={"replicas": 0}), (0, 0, True, False)),
        (daemons(2), (2, 2, True, False)),
        (daemons(1), (2, 2, False, False)),
        (workload("Job", succeeded=1, conditions=[{"type": "Complete", "status": "True"}]), (1, 1, True, False)),
        (workload("Job", conditions=[{"type": "Failed", "status": "True"}]), (0, 1, False, True)),
        (workload("Job", {"completions": 3}, succeeded=2), (2, 3, False, False)),
    ],
)
def test_counts(body: dict[str, Any], expected: tuple[int, int, bool, bool]) -> None:
    found = standing(body)

    assert (found.ready, found.wanted, found.is_done, found.has_failed) == expected


@pytest.mark.parametrize(
    ("what", "said"),
    [
        (pod(waiting("ImagePullBackOff", "cannot pull x:1")), "ImagePullBackOff: cannot pull x:1"),
        (pod(waiting("ContainerCreating")), ""),
        (pod(waiting("PodInitializing")), ""),
        (
            pod(waiting("CrashLoopBackOff", "back-off", lastState={"terminated": {"exitCode": 3}})),
            "CrashLoopBackOff: exit code 3",
        ),
        (pod({"name": "web", "state": {"terminated": {"exitCode": 7}}}), "ended: exit code 7"),
        (pod({"name": "web", "state": {"terminated": {"exitCode": 0}}}), ""),
        (pod({"name": "web", "state": {"running": {}}}), ""),
        (pod(waiting("PodInitializing"), init=(waiting("ErrImagePull", "no y"),)), "ErrImagePull: no y"),
        (unschedulable("no cpu"), "no node accepts it: no cpu"),
    ],
)
def test_troubles(what: dict[str, Any], said: str) -> None:
    assert "; ".join(map(str, standing(workload(), what).troubles)) == said


def test_an_event_speaks_where_no_container_does() -> None:
    about = {"kind": "Pod", "name": "web-1"}
    event = {"involvedObject": about, "reason": "FailedMount", "message": "no such secret"}

    assert str(standing(workload(), pod(waiting("ContainerCreating")), events=(event,)).troubles[0]) == (
        "FailedMount: no such secret"
    )
    assert standing(workload(), pod({"name": "web", "state": {"running": {}}}), events=(event,)).troubles == ()


@pytest.mark.parametrize(
    ("reason", "message", "passing"),
    [
        ("FailedMount", "failed to sync configmap cache: timed out waiting for the condition", True),
        ("FailedMount", 'secret "password" not found', False),
        ("Failed", "Error: ErrImagePull", True),
        ("FailedCreatePodSandBox", "no network", False),
    ],
)
def test_what_passes_by_itself_is_known_by_its_words(reason: str, message: str, passing: bool) -> None:
    event = {"involvedObject": {"kind": "Pod", "name": "web-1"}, "reason": reason, "message": message}

    (trouble,) = standing(workload(), pod(waiting("ContainerCreating")), events=(event,)).troubles

    assert (trouble.passing > 0) == passing
    assert trouble.passing < 5, "a trouble is told within five seconds"


def test_a_pod_that_no_node_takes_is_told_once() -> None:
    event = {"involvedObject": {"kind": "Pod", "name": "web-1"}, "reason": "FailedScheduling", "message": "no cpu"}

    assert len(standing(workload(), unschedulable("no cpu"), events=(event,)).troubles) == 1


REFUSAL = 'pods "web" is forbidden: violates PodSecurity "restricted:latest"'


@pytest.mark.parametrize(
    ("body", "events"),
    [
        (workload(conditions=[{"type": "ReplicaFailure", "status": "True", "message": REFUSAL}]), ()),
        (
            workload("StatefulSet"),
            ({"involvedObject": {"kind": "StatefulSet", "name": "web"}, "reason": "FailedCreate", "message": REFUSAL},),
        ),
    ],
    ids=["a condition", "an event"],
)
def test_pods_that_a_cluster_does_not_take(body: dict[str, Any], events: tuple[dict[str, Any], ...]) -> None:
    (trouble,) = standing(body, events=events).troubles

    assert str(trouble) == f"its pods are rejected: {REFUSAL}"
    assert not trouble.has_output


def test_what_ends_and_what_an_update_replaces_is_no_trouble() -> None:
    ending = pod(waiting("ImagePullBackOff"))
    ending["metadata"]["deletionTimestamp"] = "now"
    old = pod(waiting("ImagePullBackOff"))
    old["metadata"]["labels"] = {**LABELS, "controller-revision-hash": "old"}

    assert standing(workload(), ending).troubles == ()
    assert standing(workload("StatefulSet", updateRevision="new"), old).troubles == ()


@pytest.mark.parametrize(
    ("found", "text"),
    [
        (Standing("Deployment/web", "web", 1, 1, True), "✔ Deployment/web 1/1"),
        (Standing("Deployment/web", "web", 0, 1, False), "… Deployment/web 0/1"),
        (Standing("Deployment/web", "web", 0, 1, False, at="wait-db"), "… Deployment/web 0/1  init container wait-db"),
        (Standing("Job/once", "once", 0, 1, False, True), "✘ Job/once 0/1"),
    ],
)
def test_text(found: Standing, text: str) -> None:
    assert found.text == text


def test_an_init_container_that_runs_is_named() -> None:
    found = standing(workload(), pod(waiting("PodInitializing"), init=({"name": "wait-db", "state": {"running": {}}},)))

    assert found.at == "wait-db"


UNBOUND = "0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims."


def mounting(claim: str, message: str = UNBOUND) -> dict[str, Any]:
    found = unschedulable(message)
    return {**found, "spec": {"volumes": [{"persistentVolumeClaim": {"claimName": claim}}, {"emptyDir": {}}]}}


def of_claim(claim: str, reason: str, message: str) -> dict[str, Any]:
    reference = {"kind": "PersistentVolumeClaim", "name": claim}
    return {"involvedObject": reference, "reason": reason, "message": message}


@pytest.mark.parametrize(
    ("reason", "message", "patience"),
    [
        ("ProvisioningFailed", "rpc error: code = InvalidArgument desc = access mode is not supported", 20.0),
        ("ProvisioningFailed", 'storageclass.storage.k8s.io "fast" not found', 20.0),
        ("FailedBinding", "no persistent volumes available for this claim and no storage class is set", 20.0),
        ("ProvisioningFailed", "rpc error: code = ResourceExhausted desc = try later", 60.0),
    ],
)
def test_a_claim_without_a_volume(reason: str, message: str, patience: float) -> None:
    found = standing(workload(), mounting("data"), events=(of_claim("data", reason, message),))

    (trouble,) = found.troubles
    assert str(trouble) == f"the claim data does not get a volume: {message}"
    assert trouble.patience == patience


def test_what_is_said_of_another_claim_is_none() -> None:
    event = of_claim("other", "ProvisioningFailed", "no")
    (unknown,) = standing(workload(), mounting("data"), events=(event,)).troubles
    (before,) = standing(workload(), mounting("data", "0/1 nodes are available: 1 Insufficient cpu")).troubles

    assert (unknown.reason, unknown.is_explained) == ("no node accepts it", False)
    assert before.is_explained, "no event would say more"


def test_a_volume_that_another_node_has() -> None:
    message = 'Multi-Attach error for volume "pvc-1" Volume is already used by pod(s) one-7d9f'
    event = {"involvedObject": {"kind": "Pod", "name": "web-1"}, "reason": "FailedAttachVolume", "message": message}

    (trouble,) = standing(workload(), pod(waiting("ContainerCreating")), events=(event,)).troubles

    assert str(trouble) == f"FailedAttachVolume: {message}"


def test_whether_anything_runs() -> None:
    running = {"name": "web", "state": {"running": {}}}

    assert standing(workload(), pod(running)).runs
    assert standing(workload(), pod(init=(running,))).runs
    assert not standing(workload(), pod(waiting("ContainerCreating"))).runs
