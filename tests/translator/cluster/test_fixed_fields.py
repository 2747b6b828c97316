"""Which fields of an existing object cannot be changed, as far as known without a server."""

from typing import Any

import pytest

from stackferry.translator.cluster.errors import refusal
from stackferry.translator.cluster.fixed_fields import as_there, blocked, differing, users_of
from stackferry.translator.cluster.held import Held
from stackferry.translator.manifest.manifests import Manifest
from tests.translator.cluster.fake import FakeCluster


def manifest(kind: str, **body: Any) -> Manifest:
    return Manifest(kind, "x", "shop", {"kind": kind, "apiVersion": "v1", "metadata": {"name": "x"}, **body})


def claim(mode: str = "ReadWriteOnce", size: str = "1Gi") -> Manifest:
    return manifest("PersistentVolumeClaim", spec={"accessModes": [mode], "resources": {"requests": {"storage": size}}})


SELECTOR = {"selector": {"matchLabels": {"a": "1"}}}


@pytest.mark.parametrize(
    ("wanted", "live", "expected"),
    [
        (manifest("Deployment", spec={**SELECTOR, "replicas": 2}), {"spec": {**SELECTOR, "replicas": 1}}, []),
        (
            manifest("Deployment", spec=SELECTOR),
            {"spec": {"selector": {"matchLabels": {"a": "1", "b": "2"}}}},
            ["spec.selector.matchLabels.b: 2 -> nothing"],
        ),
        # A server adds what is usual, leaves out what is empty, and writes quantities its own way.
        (
            manifest("Job", spec={"template": {"spec": {"image": "x", "cpu": "1000m", "env": []}}}),
            {"spec": {"template": {"spec": {"image": "x", "cpu": "1", "dnsPolicy": "ClusterFirst"}}}},
            [],
        ),
        (claim(), claim(size="1024Mi").body, []),
        (manifest("Secret", type="Opaque", data={"A": "eA=="}), {"type": "Opaque", "data": {"A": "eQ=="}}, []),
        (manifest("Secret", type="Opaque", data={"A": "eA=="}), {"type": "Opaque", "immutable": True}, ["data.A"]),
        (manifest("ConfigMap", data={"A": "x"}), {"data": {"A": "y"}, "immutable": True}, ["data.A"]),
        (manifest("RoleBinding", roleRef={"name": "a"}), {"roleRef": {"name": "b"}}, ["roleRef.name: b -> a"]),
        (manifest("NetworkPolicy", spec=SELECTOR), {"spec": {}}, []),
    ],
)
def test_fields_that_are_fixed(wanted: Manifest, live: dict[str, Any], expected: list[str]) -> None:
    assert list(differing(wanted, live)) == expected


def spec_of(found: Manifest) -> tuple[list[str], str]:
    spec = found.body["spec"]
    return spec["accessModes"], spec["resources"]["requests"]["storage"]


@pytest.mark.parametrize(
    ("there", "expected"),
    [
        (claim("ReadWriteMany", "5Gi"), (["ReadWriteMany"], "5Gi")),
        (claim("ReadWriteOnce", "2048Mi"), (["ReadWriteOnce"], "2048Mi")),
        (claim("ReadWriteOncePod", "500Mi"), (["ReadWriteOnce"], "1Gi")),
    ],
)
def test_a_claim_that_offers_more_is_taken_as_it_is(there: Manifest, expected: tuple[list[str], str]) -> None:
    assert spec_of(as_there(claim(), there.body)) == expected


def test_what_is_not_there_is_as_we_say() -> None:
    assert as_there(claim(), None) == claim()
    deployment = manifest("Deployment", spec=SELECTOR)
    assert as_there(deployment, {"spec": {}}) is deployment


def blocking(status: int, message: str) -> FakeCluster:
    return FakeCluster(lambda method, _: (status, "Invalid", message) if method == "PATCH" else None)


@pytest.mark.parametrize(
    ("status", "message"),
    [
        (422, "spec.selector: Invalid value: {}: field is immutable"),
        (422, "spec: Forbidden: spec is immutable after creation except resources.requests"),
        (422, "spec: Forbidden: updates to statefulset spec for fields other than 'replicas' are forbidden"),
        (422, "spec.resources.requests.storage: Forbidden: field can not be less than status.capacity"),
        (403, "only dynamically provisioned pvc can be resized and the storageclass must support resize"),
    ],
)
def test_the_server_has_the_last_word(status: int, message: str) -> None:
    there = Held({"Deployment/x": {"kind": "Deployment", "metadata": {"name": "x"}, "spec": {}}})

    (found,) = blocked(blocking(status, message), [manifest("Deployment", spec=SELECTOR)], there, "shop")

    assert (found.id, found.flag) == ("Deployment/x", "--recreate Deployment/x")
    assert message in found.reason
    assert blocked(FakeCluster(), [manifest("Deployment", spec=SELECTOR)], there, "shop") == [], (
        "a cluster that takes it"
    )


def test_another_refusal_is_none() -> None:
    there = Held({"Deployment/x": {"kind": "Deployment", "metadata": {"name": "x"}, "spec": {}}})
    wanted = [manifest("Deployment", spec=SELECTOR)]

    with pytest.raises(type(refusal("", 422, {})), match="unknown field"):
        blocked(blocking(422, "unknown field"), wanted, there, "shop")
    assert blocked(blocking(422, "immutable"), wanted, Held(), "shop") == []


def test_who_mounts_a_claim() -> None:
    pod = {"spec": {"volumes": [{"persistentVolumeClaim": {"claimName": "data"}}, {"emptyDir": {}}]}}
    there = Held(
        {
            "Deployment/a": {"kind": "Deployment", "spec": {"template": pod}},
            "CronJob/b": {"kind": "CronJob", "spec": {"jobTemplate": {"spec": {"template": pod}}}},
            "Deployment/c": {"kind": "Deployment", "spec": {"template": {"spec": {}}}},
            "Secret/d": {"kind": "Secret"},
        }
    )

    assert [one["kind"] for one in users_of({"data"}, there)] == ["Deployment", "CronJob"]
    assert users_of({"other"}, there) == []
