"""`stackferry kube …` on a cluster in memory; tests/cluster/test_kube.py does the same on a real one."""

import time

import pytest

from stackferry.translator.cluster import client, kubeconfig, wait
from stackferry.translator.manifest.manifests import API
from tests.translator.cluster.fake import FakeCluster

STACK = """\
name: shop
services:
  web: {image: "nginx:1.27", ports: ["8080:80"], restart: always}
  db:
    image: postgres:17
    environment: {POSTGRES_PASSWORD: hunter2}
    volumes: ["data:/var/lib/postgresql/data"]
volumes: {data: {}}
"""
CLAIM = "PersistentVolumeClaim/data"


class Living(FakeCluster):
    """A cluster whose workloads are ready as soon as they are applied."""

    def _applied(self, path, body, *, dry_run):
        found = super()._applied(path, body, dry_run=dry_run)
        if not dry_run and body["kind"] == "Deployment":
            done = {"observedGeneration": 1, "replicas": 1, "updatedReplicas": 1, "readyReplicas": 1}
            self.objects[path]["status"] = done
            self.objects[path]["metadata"]["generation"] = 1
        return found


@pytest.fixture
def cluster(here, monkeypatch):
    (here / "compose.yaml").write_text(STACK)
    found = Living()
    monkeypatch.setattr(wait, "STABLE", 0.0)
    monkeypatch.setattr(kubeconfig, "contexts", lambda _: {"fake": "default", "prod": "default"})
    monkeypatch.setattr(client, "connect", lambda context, _: found)
    return found


def test_no_context_is_guessed(cluster, stackferry):
    outcome = stackferry("kube", "up", "--yes")

    assert outcome.code == 2
    assert "specify the cluster with --context: the kubeconfig has fake, prod" in " ".join(outcome.err.split())
    assert cluster.asked == []


def test_the_first_apply_is_confirmed(cluster, stackferry):
    outcome = stackferry("kube", "up", "--context", "fake")

    assert outcome.code == 1
    assert "Apply shop for the first time to context fake (https://fake:6443), namespace shop?" in outcome.err
    assert "confirm it with --yes; nothing was applied" in outcome.err
    assert cluster.objects == {}


def test_up_again_changes_nothing_and_asks_nothing(cluster, stackferry):
    first = stackferry("kube", "up", "--context", "fake", "--yes")
    again = stackferry("kube", "up", "--context", "fake")

    assert (first.code, again.code) == (0, 0)
    assert " to create" in first.err
    assert f"shop on fake: {len(cluster.objects)} unchanged" in again.err
    assert "✔ Deployment/web 1/1" in again.err


def test_one_change_is_one_change(cluster, here, stackferry):
    stackferry("kube", "up", "--context", "fake", "--yes")
    (here / "compose.yaml").write_text(STACK.replace("nginx:1.27", "nginx:1.28"))

    planned = stackferry("kube", "plan", "--context", "fake")
    done = stackferry("kube", "up", "--context", "fake")

    assert planned.out == (
        "change Deployment/web\n  spec.template.spec.containers[0].image: nginx:1.27 -> nginx:1.28\n"
    )
    assert "1 to change" in planned.err
    assert "1 to change" in done.err


def test_what_the_file_no_longer_has_goes_but_no_claim(cluster, here, stackferry):
    stackferry("kube", "up", "--context", "fake", "--yes")
    (here / "compose.yaml").write_text("name: shop\nservices: {web: {image: 'nginx:1.27', ports: ['8080:80']}}\n")

    outcome = stackferry("kube", "up", "--context", "fake")

    assert outcome.code == 0
    assert "Deployment/db" not in cluster.ids()
    assert CLAIM in cluster.ids()


def test_a_secret_is_in_no_plan(cluster, here, stackferry):
    stackferry("kube", "up", "--context", "fake", "--yes")
    (here / "compose.yaml").write_text(STACK.replace("hunter2", "hunter3"))

    planned = stackferry("kube", "plan", "--context", "fake")

    assert "hunter" not in planned.out + planned.err
    assert "Secret/" in planned.out


def test_down_keeps_claims_and_the_namespace_with_them(cluster, stackferry):
    stackferry("kube", "up", "--context", "fake", "--yes")

    outcome = stackferry("kube", "down", "--context", "fake")

    assert outcome.code == 0
    assert cluster.ids() == ["Namespace/shop", CLAIM]
    assert f"{CLAIM} is kept, with its data" in outcome.err
    assert stackferry("kube", "down", "--context", "fake", "--volumes").code == 0
    assert cluster.objects == {}


def test_down_needs_no_file(cluster, here, stackferry):
    stackferry("kube", "up", "--context", "fake", "--yes")
    (here / "compose.yaml").unlink()

    assert stackferry("kube", "down", "-p", "shop", "--context", "fake", "--volumes").code == 0
    assert cluster.objects == {}


def test_down_of_nothing(cluster, stackferry):
    outcome = stackferry("kube", "down", "--context", "fake")

    assert outcome.code == 0
    assert "nothing of shop is in namespace shop of context fake" in outcome.err


def test_a_namespace_of_somebody_else_stays_as_it_is(cluster, stackferry):
    cluster.put("Namespace", "team", None, metadata={"labels": {"owner": "them"}})

    assert stackferry("kube", "up", "--context", "fake", "--yes", "-n", "team").code == 0
    assert stackferry("kube", "down", "--context", "fake", "--volumes", "-n", "team").code == 0

    assert cluster.ids() == ["Namespace/team"]
    (left,) = cluster.objects.values()
    assert left["metadata"]["labels"] == {"owner": "them"}


def test_a_namespace_of_another_stack_stays_that_stacks(cluster, here, stackferry):
    """Were it relabelled, the end of the second stack would take the first one and its data along."""
    stackferry("kube", "up", "--context", "fake", "--yes")
    before = cluster.ids()
    (here / "compose.yaml").write_text("name: other\nservices: {side: {image: 'nginx:1.27', restart: always}}\n")

    assert stackferry("kube", "up", "--context", "fake", "--yes", "-n", "shop").code == 0
    assert "Deployment/side" in cluster.ids()
    assert stackferry("kube", "down", "--context", "fake", "--volumes", "-n", "shop").code == 0

    assert cluster.ids() == before


def test_a_namespace_that_others_use_stays(cluster, stackferry):
    stackferry("kube", "up", "--context", "fake", "--yes")
    cluster.put("PersistentVolumeClaim", "theirs")

    outcome = stackferry("kube", "down", "--context", "fake", "--volumes")

    assert outcome.code == 0
    assert "Namespace/shop is kept: it also contains PersistentVolumeClaim/theirs" in outcome.err
    assert cluster.ids() == ["Namespace/shop", "PersistentVolumeClaim/theirs"]


def test_what_is_built_here_is_refused_before_anything_is_applied(cluster, here, stackferry):
    (here / "compose.yaml").write_text("services: {web: {build: .}}\n")
    (here / "Dockerfile").write_text("FROM x\n")

    outcome = stackferry("kube", "up", "--context", "fake", "--yes")

    assert outcome.code == 1
    assert "web: built on this machine, so the cluster cannot pull the image" in outcome.err
    assert "--registry HOST/PATH" in outcome.err
    assert cluster.asked == []


def test_fields_of_somebody_else_are_not_taken_over(cluster, stackferry):
    cluster.refuse = lambda method, path: (
        (409, "Conflict", "conflict with kubectl: .spec.replicas")
        if method == "PATCH" and path.endswith("deployments/web")
        else None
    )

    outcome = stackferry("kube", "up", "--context", "fake", "--yes")

    assert outcome.code == 1
    assert "apply Deployment/web: conflict with kubectl: .spec.replicas" in outcome.err
    assert "--force-conflicts" in outcome.err


def test_status(cluster, stackferry):
    assert stackferry("kube", "status", "--context", "fake").code == 1
    stackferry("kube", "up", "--context", "fake", "--yes")

    ready = stackferry("kube", "status", "--context", "fake")
    next(one for path, one in cluster.objects.items() if path.endswith("deployments/web"))["status"] = {}
    broken = stackferry("kube", "status", "--context", "fake")

    assert (ready.code, ready.out) == (0, "✔ Deployment/db 1/1\n✔ Deployment/web 1/1\n")
    assert (broken.code, broken.out) == (1, "✔ Deployment/db 1/1\n… Deployment/web 0/1\n")


def test_urls_are_tried(cluster, stackferry):
    stackferry("kube", "up", "--context", "fake", "--yes")
    address = {"type": "InternalIP", "address": "127.0.0.1"}
    cluster.put("Node", "n", None, status={"addresses": [address], "conditions": []})
    published = next(one for path, one in cluster.objects.items() if path.endswith("web-published"))
    published["spec"] = {**published["spec"], "ports": [{"port": 8080, "targetPort": 80, "nodePort": 1}]}

    outcome = stackferry("kube", "urls", "--context", "fake")

    assert outcome.out == "web  http://127.0.0.1:1  (does not answer: Connection refused)\n"


def test_every_kind_that_is_written_can_be_taken_down(cluster):
    """Removal goes by the same table as the apply."""
    from stackferry.translator.orphans import GATEWAY, KEPT, REMOVED

    assert {*REMOVED, *GATEWAY, *KEPT} == {*API}


def test_what_cannot_be_changed_is_made_anew_by_name_only(cluster, stackferry):
    """The claim cannot grow; whoever mounts it has to go before it does."""
    stackferry("kube", "up", "--context", "fake", "--yes")
    cluster.refuse = lambda method, path: (
        (422, "Invalid", "spec: Forbidden: spec is immutable after creation")
        if method == "PATCH" and path in cluster.objects and path.endswith("claims/data")
        else None
    )
    larger = ("--context", "fake", "--volume-size", "2Gi")

    planned = stackferry("kube", "plan", *larger)
    refused = stackferry("kube", "up", *larger)
    asked = len(cluster.asked)
    done = stackferry("kube", "up", *larger, "--recreate", CLAIM)

    assert (planned.code, refused.code, done.code) == (1, 1, 0)
    assert f"cannot change {CLAIM}\n  spec.resources.requests.storage: 1Gi -> 2Gi\n" in planned.out
    assert "all data in it is lost" in refused.err
    removed = [one.rpartition("/")[2] for one in cluster.asked[asked:] if one.startswith("DELETE")]
    assert sorted(removed) == ["data", "db"]
    assert "2 to replace" in done.err


def test_the_network_of_a_closed_namespace(cluster, stackferry):
    spec = {"podSelector": {}, "policyTypes": ["Ingress"]}
    cluster.put("Namespace", "shop", None)
    cluster.put("NetworkPolicy", "default-deny", spec=spec)

    closed = stackferry("kube", "up", "--context", "fake", "--yes")
    again = stackferry("kube", "up", "--context", "fake")

    assert "warning[kubernetes-closed-network]: services.web: nothing can reach it, because of" in closed.err
    assert "--network-policies" in closed.err
    assert "closed-network" not in again.err, "nothing has changed"


def test_what_is_for_this_machine_alone(cluster, here, stackferry):
    (here / "compose.yaml").write_text("services: {web: {image: 'nginx:1.27', ports: ['127.0.0.1:8080:80']}}\n")

    outcome = stackferry("kube", "up", "--context", "fake", "--yes")

    assert outcome.out == ""
    assert "web 8080/tcp: kubectl --context fake port-forward -n shop svc/web 8080:80" in outcome.err


def test_a_namespace_that_is_about_to_end_is_waited_for(cluster, monkeypatch, stackferry):
    ending = cluster.put("Namespace", "shop", None, metadata={"deletionTimestamp": "2026-01-01T00:00:00Z"})
    (path,) = cluster.objects

    def pause(_):
        assert cluster.objects.pop(path) is ending

    monkeypatch.setattr(time, "sleep", pause)
    outcome = stackferry("kube", "up", "--context", "fake", "--yes")

    assert outcome.code == 0, outcome.err
    assert outcome.err.startswith("Namespace/shop is terminating; waiting until it is deleted\n")
    assert "Namespace/shop" in cluster.ids()
