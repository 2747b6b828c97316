"""`stackferry doctor --target kube` against a server: its report before `kube up`, and whether `up` then agrees."""

import json
from pathlib import Path

from tests.cluster.converted import kube, tried
from tests.cluster.kube import Kube, text
from tests.cluster.test_kube import RESTRICTED, kubeconfig_of

STACK = """\
name: shop
services:
  web: {image: 'busybox:1', command: sleep 100000, ports: ["80"], volumes: ["data:/d"], stop_grace_period: 0s}
volumes: {data: {}}
"""


def findings(api: Kube, folder: Path, namespace: str = "", kubeconfig: Path | None = None) -> tuple[int, list[str]]:
    """The exit code, and a line for each finding that is not ok."""
    where = ("--context", "test", "--kubeconfig", str(kubeconfig or api.cluster.kubeconfig))
    words = ("doctor", "--target", "kube", "--format", "json", "-n", namespace or api.namespace)
    done = tried(folder, *words, *where)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert rows, done.stderr
    said = (f"{one['Status']} {one['Name']}: {one['Message']} ({one['Hint']})" for one in rows if one["Status"] != "ok")
    return done.returncode, list(said)


def test_where_all_is_well_nothing_is_said(node: Kube, tmp_path: Path) -> None:
    (tmp_path / "compose.yaml").write_text(STACK, "utf-8")

    assert findings(node, tmp_path) == (0, [])
    assert node.everything("app.kubernetes.io/instance=shop") == [], "it has changed nothing"


def test_without_a_compose_file_the_place_itself_is_looked_at(node: Kube, tmp_path: Path) -> None:
    assert findings(node, tmp_path) == (0, [])


def test_pods_that_would_be_refused(node: Kube, tmp_path: Path) -> None:
    metadata = {"name": node.namespace, "labels": RESTRICTED}
    node.apply(text([{"apiVersion": "v1", "kind": "Namespace", "metadata": metadata}]))
    (tmp_path / "compose.yaml").write_text(STACK, "utf-8")

    code, said = findings(node, tmp_path)

    assert code == 1
    (line,) = said
    assert line.startswith('FAIL pods: Deployment/web: violates PodSecurity "restricted:latest": ')
    assert "runAsNonRoot" in line


def test_a_quota_and_a_closed_network(node: Kube, tmp_path: Path) -> None:
    quota = {"hard": {"pods": "0", "persistentvolumeclaims": "1"}}
    policy = {"podSelector": {}, "policyTypes": ["Ingress"]}
    head = {"metadata": {"name": "strict"}}
    node.apply(
        text(
            [
                {"apiVersion": "v1", "kind": "ResourceQuota", **head, "spec": quota},
                {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", **head, "spec": policy},
            ]
        )
    )
    (tmp_path / "compose.yaml").write_text(STACK, "utf-8")

    code, said = findings(node, tmp_path)

    assert code == 1
    assert any(line.startswith("FAIL pods: Deployment/web: exceeded quota: strict, requested: pods=1") for line in said)
    assert any("ResourceQuota/strict: 0 of 0 pods are left, and the stack needs 1" in line for line in said)
    assert any(
        "nothing can reach it, because of NetworkPolicy/strict in the namespace (--network" in line for line in said
    )


def test_who_may_only_edit_may_do_all_that_it_takes(node: Kube, tmp_path: Path) -> None:
    (tmp_path / "compose.yaml").write_text(STACK, "utf-8")
    editor = kubeconfig_of(node, tmp_path, "edit")

    code, said = findings(node, tmp_path, kubeconfig=editor)

    assert code == 0
    assert (
        "warn rights: you are not allowed to list, delete roles; list, delete rolebindings: what a stack no longer"
        in "".join(said)
    )
    assert any(line.startswith("warn nodes: you may not look at them") for line in said)


def test_who_may_only_look_is_told_what_is_missing_and_up_fails_so(node: Kube, tmp_path: Path) -> None:
    (tmp_path / "compose.yaml").write_text(STACK, "utf-8")
    viewer = kubeconfig_of(node, tmp_path, "view")

    code, said = findings(node, tmp_path, kubeconfig=viewer)
    refused = kube(node, tmp_path, "up", "--yes", kubeconfig=viewer)

    assert code == 1
    (line,) = (one for one in said if one.startswith("FAIL rights"))
    assert "create, patch, delete persistentvolumeclaims" in line
    assert "create, patch, delete deployments" in line
    assert f"ask for a RoleBinding to the ClusterRole edit in {node.namespace}" in line
    assert refused.returncode == 1
    assert "apply PersistentVolumeClaim/data: " in refused.stderr
    assert "cannot patch resource" in refused.stderr


def test_a_namespace_that_somebody_has_to_make(node: Kube, tmp_path: Path) -> None:
    (tmp_path / "compose.yaml").write_text(STACK, "utf-8")
    editor = kubeconfig_of(node, tmp_path, "edit")

    code, said = findings(node, tmp_path, "not-there", editor)

    assert code == 1
    assert any(line.startswith("FAIL rights: you may not") for line in said)
    assert findings(node, tmp_path, "not-there") == (0, []), "an administrator makes it"
