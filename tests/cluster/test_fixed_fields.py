"""Immutable fields: `kube plan` and `kube up` report them and the loss of data, and change nothing silently."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cluster.converted import convert, kube
from tests.cluster.kube import Kube, text, wait_until
from tests.cluster.server import Object

STACK = """\
name: fixed
x-usual: &usual {image: 'busybox:1', command: sleep 100000, stop_grace_period: 0s}
services:
  web: {<<: *usual, expose: ['80'], depends_on: {job: {condition: service_completed_successfully}}}
  all: {<<: *usual, deploy: {mode: global}}
  db:
    <<: *usual
    environment: {POSTGRES_PASSWORD: s}
    volumes: ['data:/var/lib/postgresql/data']
  job: {image: 'busybox:1', command: 'true'}
volumes: {data: {}}
"""
NOWAIT = ("--wait-timeout", "0")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "compose.yaml").write_text(STACK, "utf-8")
    return tmp_path


def changed(bodies: list[Object], kind: str, change: dict[str, Any]) -> Iterator[Object]:
    """The objects of the stack as somebody had them before: one of them with other values."""
    for number, body in enumerate(bodies):
        if body["kind"] == kind and kind not in (each["kind"] for each in bodies[:number]):
            _merge(body, change)
        if body["kind"] != "Namespace":
            yield body


def _merge(body: Object, change: dict[str, Any]) -> None:
    for key, value in change.items():
        if isinstance(value, dict) and isinstance(body.get(key), dict):
            _merge(body[key], value)
        else:
            body[key] = value


OTHER = {"app": "before"}
POD = {"metadata": {"labels": OTHER}}
CASES: dict[str, tuple[str, dict[str, Any], str, str]] = {
    # what somebody had before; the field that is told; what is lost
    "another selector of a Deployment": (
        "Deployment",
        {"spec": {"selector": {"matchLabels": OTHER}, "template": POD}},
        r"spec\.selector\.matchLabels\.app: before -> nothing",
        "only its pods are recreated",
    ),
    "another selector of a DaemonSet": (
        "DaemonSet",
        {"spec": {"selector": {"matchLabels": OTHER}, "template": POD}},
        r"spec\.selector\.matchLabels\.app: before -> nothing",
        "only its pods are recreated",
    ),
    "a Job that does something else": (
        "Job",
        {"spec": {"template": {"spec": {"containers": [{"name": "job", "image": "other:1"}]}}}},
        r"spec\.template\.spec\.containers\[0\]\.image: other:1 -> busybox:1",
        "it runs once more",
    ),
    "a claim for less": (
        "PersistentVolumeClaim",
        {"spec": {"resources": {"requests": {"storage": "500Mi"}}}},
        r"spec\.resources\.requests\.storage: 500Mi -> 1Gi",
        "all data in it is lost",
    ),
    "a claim for one pod alone": (
        "PersistentVolumeClaim",
        {"spec": {"accessModes": ["ReadWriteOncePod"]}},
        r"spec\.accessModes\[0\]: ReadWriteOncePod -> ReadWriteOnce",
        "all data in it is lost",
    ),
    "a Secret that nobody may change": (
        "Secret",
        {"immutable": True, "data": {"POSTGRES_PASSWORD": "b3RoZXI="}},
        r"  data\.POSTGRES_PASSWORD$",
        "pods that start in the meantime wait for it",
    ),
}


@pytest.mark.parametrize("case", sorted(CASES))
def test_what_cannot_be_changed_is_told_and_nothing_is_done(api: Kube, folder: Path, case: str) -> None:
    kind, before, field, lost = CASES[case]
    bodies = convert(folder, api.namespace).objects
    api.apply(text(changed(bodies, kind, before)))
    (name,) = [f"{kind}/{one['metadata']['name']}" for one in bodies if one["kind"] == kind][:1]
    versions = _versions(api)

    planned = kube(api, folder, "plan")
    refused = kube(api, folder, "up", "--yes", *NOWAIT)

    assert (planned.returncode, refused.returncode) == (1, 1), planned.stderr + refused.stderr
    assert f"cannot change {name}\n" in planned.stdout
    assert re.search(field, planned.stdout, re.MULTILINE), planned.stdout
    assert f"recreate it with --recreate {name}: {lost}" in planned.stdout
    assert f"error: {name} cannot be changed\n" in refused.stderr
    assert re.search(field, refused.stderr, re.MULTILINE), refused.stderr
    assert f"nothing was applied. recreate it with --recreate {name}: {lost}" in refused.stderr
    assert _versions(api) == versions


@pytest.mark.parametrize("case", sorted(one for one in CASES if "claim" not in one))
def test_what_may_be_made_anew_is(api: Kube, folder: Path, case: str) -> None:
    kind, before, _, _ = CASES[case]
    bodies = convert(folder, api.namespace).objects
    api.apply(text(changed(bodies, kind, before)))
    (name,) = [f"{kind}/{one['metadata']['name']}" for one in bodies if one["kind"] == kind][:1]

    planned = kube(api, folder, "plan", "--recreate", name)
    done = kube(api, folder, "up", "--yes", "--recreate", name, *NOWAIT)
    again = kube(api, folder, "plan", "--recreate", name)

    assert planned.returncode == 0, planned.stdout
    assert f"replace {name}\n" in planned.stdout
    assert "1 to replace" in done.stderr
    assert (again.returncode, again.stdout) == (0, ""), "a second time there is nothing to do"


def test_a_claim_that_offers_more_stays_as_it_is(api: Kube, folder: Path) -> None:
    claim = next(one for one in convert(folder, api.namespace).objects if one["kind"] == "PersistentVolumeClaim")
    claim["spec"] = {
        "accessModes": ["ReadWriteMany"],
        "storageClassName": "shared",
        "resources": {"requests": {"storage": "5Gi"}},
    }
    api.apply(text([claim]))

    done = kube(api, folder, "up", "--yes", *NOWAIT)

    assert "cannot" not in done.stderr
    (found,) = api.each("PersistentVolumeClaim")
    assert found["spec"]["accessModes"] == ["ReadWriteMany"]
    assert found["spec"]["resources"]["requests"]["storage"] == "5Gi"
    assert kube(api, folder, "plan").stdout == ""


def test_something_of_somebody_else_has_the_name(api: Kube, folder: Path) -> None:
    bodies = [one for one in convert(folder, api.namespace).objects if one["kind"] == "DaemonSet"]
    foreign = next(changed(bodies, "DaemonSet", {"spec": {"selector": {"matchLabels": OTHER}, "template": POD}}))
    foreign["metadata"]["labels"] = {}
    api.apply(text([foreign]))

    refused = kube(api, folder, "up", "--yes", "--force-conflicts", *NOWAIT)

    assert refused.returncode == 1
    assert "apply DaemonSet/all: " in refused.stderr
    assert "an object that is not part of the stack has this name" in refused.stderr


GROWN = """\
name: fixed
services:
  web:
    image: busybox:1
    command: sh -c 'echo $$WORD >> /data/log; exec sleep 100000'
    environment: {WORD: one}
    volumes: ['data:/data']
    stop_grace_period: 0s
volumes: {data: {}}
"""


def test_data_goes_only_by_name(node: Kube, tmp_path: Path) -> None:
    (tmp_path / "compose.yaml").write_text(GROWN, "utf-8")
    log = "cat /data/log"
    assert kube(node, tmp_path, "up", "--yes").returncode == 0
    (tmp_path / "compose.yaml").write_text(GROWN.replace("WORD: one", "WORD: two"), "utf-8")

    claim, larger = "PersistentVolumeClaim/data", ("--volume-size", "2Gi")
    refused = kube(node, tmp_path, "up", *larger)
    assert refused.returncode == 1
    assert f"{claim} cannot be changed\n  spec.resources.requests.storage: 1Gi -> 2Gi" in refused.stderr
    assert node.shell("web", log).out == "one\n", "nothing was applied"

    other = kube(node, tmp_path, "up", *larger, "--recreate", "Deployment/web")
    assert other.returncode == 1, "that is another object"

    done = kube(node, tmp_path, "up", *larger, "--recreate", claim)
    assert done.returncode == 0, f"{done.stderr}\n{node.told()}"
    wait_until(lambda: node.shell("web", log).out == "two\n", "a new claim", 30)
    (found,) = node.each("PersistentVolumeClaim")
    assert found["spec"]["resources"]["requests"]["storage"] == "2Gi"

    assert kube(node, tmp_path, "up", *larger, "--recreate", claim).returncode == 0
    assert node.shell("web", log).out == "two\n", "it is made anew only where it has to be"


SLOTS = """\
name: fixed
services:
  db:
    image: busybox:1
    hostname: "db-{{.Task.Slot}}"
    command: sh -c 'echo $$WORD >> /data/log; exec sleep 100000'
    environment: {WORD: one}
    volumes: ['data:/data']
    expose: ["80"]
    stop_grace_period: 0s
volumes: {data: {name: "data-{{.Task.Slot}}"}}
"""


def test_claims_of_slots_are_kept_where_their_set_is_made_anew(node: Kube, tmp_path: Path) -> None:
    (tmp_path / "compose.yaml").write_text(SLOTS, "utf-8")
    assert kube(node, tmp_path, "up", "--yes").returncode == 0
    (tmp_path / "compose.yaml").write_text(SLOTS.replace("WORD: one", "WORD: two"), "utf-8")

    planned = kube(node, tmp_path, "plan", "--volume-size", "2Gi")
    done = kube(node, tmp_path, "up", "--volume-size", "2Gi")

    assert planned.returncode == 0
    assert "replace StatefulSet/db\n" in planned.stdout
    assert done.returncode == 0, f"{done.stderr}\n{node.told()}"
    assert "1 to replace" in done.stderr
    wait_until(lambda: node.shell("db", "cat /data/log").out == "one\ntwo\n", "the data of before", 30)
    assert kube(node, tmp_path, "plan", "--volume-size", "2Gi").stdout == ""


def test_a_service_gets_an_address_and_loses_it_again(api: Kube, folder: Path) -> None:
    """By its labels it is the stack's, also where kubectl has applied it."""
    bodies = [one for one in convert(folder, api.namespace).objects if one["metadata"]["name"] == "web"]
    api.apply(text(changed(bodies, "Service", {"spec": {"clusterIP": "None"}})))

    planned = kube(api, folder, "plan")
    done = kube(api, folder, "up", "--yes", *NOWAIT)

    assert "replace Service/web\n" in planned.stdout, planned.stderr
    assert "1 to replace" in done.stderr
    assert address(api) != "None"
    (folder / "compose.yaml").write_text(
        STACK.replace("expose: ['80'],", "expose: ['80'], deploy: {endpoint_mode: dnsrr},"), "utf-8"
    )
    assert "replace Service/web\n" in kube(api, folder, "plan").stdout
    kube(api, folder, "up", *NOWAIT)
    assert address(api) == "None"


def address(api: Kube) -> str:
    found = api.get("Service", "web")
    assert found is not None
    return str(found["spec"]["clusterIP"])


def _versions(api: Kube) -> dict[str, str]:
    found = api.everything("app.kubernetes.io/instance=fixed")
    return {f"{one['kind']}/{one['metadata']['name']}": one["metadata"]["resourceVersion"] for one in found}
