"""The command that `convert` prints, as a user copies it: it removes what the stack no longer has, and nothing else."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cluster.converted import ROOT, Converted, convert
from tests.cluster.kube import Kube
from tests.cluster.transitions import TRANSITIONS

SIDES = pytest.mark.parametrize("server_side", [True, False], ids=["server", "client"])
OTHERS = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: mine, labels: {app.kubernetes.io/instance: shop}}
---
apiVersion: v1
kind: Secret
metadata: {name: bare}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: other, labels: {app.kubernetes.io/instance: other, app.kubernetes.io/managed-by: stackferry}}
"""
"""What is not the stack's: by hand, without labels, of another stack."""


@pytest.fixture
def commands(api: Kube, tmp_path: Path) -> dict[str, str]:
    """The environment in which the words `kubectl` and `stackferry` mean the cluster's and this checkout's."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name, command in (
        ("kubectl", f"{api.cluster.kubectl} --kubeconfig {api.cluster.kubeconfig}"),
        ("stackferry", f"env PYTHONPATH={ROOT} {sys.executable} -m stackferry"),
    ):
        (folder / name).write_text(f'#!/bin/sh\nexec {command} "$@"\n')
        (folder / name).chmod(0o755)
    return {**os.environ, "PATH": f"{folder}:{os.environ['PATH']}"}


def remove(folder: Path, found: Converted, environment: dict[str, str]) -> str:
    """What the printed command says that it deleted."""
    (line,) = [line.strip() for line in found.said.splitlines() if line.startswith("  kubectl get ")]
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", line],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@SIDES
@pytest.mark.parametrize("name", sorted(TRANSITIONS))
def test_nothing_old_stays_and_nothing_else_goes(
    api: Kube, tmp_path: Path, commands: dict[str, str], name: str, server_side: bool
) -> None:
    api.apply(OTHERS, server_side)
    for content in TRANSITIONS[name]:
        (tmp_path / "compose.yaml").write_text(f"name: shop\n{content}\n")
        found = convert(tmp_path, api.namespace)
        # Before, as docker compose does it: a node port may move from one service to another.
        remove(tmp_path, found, commands)
        api.apply(found.text, server_side)
    again = remove(tmp_path, found, commands)
    left = {_id(one) for one in api.everything("app.kubernetes.io/instance=shop") if one["kind"] != _CLAIM}
    others = [
        api.get(kind, other) for kind, other in (("ConfigMap", "mine"), ("Secret", "bare"), ("ConfigMap", "other"))
    ]
    for one in found.objects:
        if one["kind"] == "Service":
            api.server.delete(one, api.namespace)

    assert left - {"ConfigMap/mine"} == {_id(one) for one in found.objects} - {f"Namespace/{api.namespace}"} - {
        _id(one) for one in found.objects if one["kind"] == _CLAIM
    }
    assert all(others)
    assert again.strip() in ("", "No resources found")


def test_claims_stay(api: Kube, tmp_path: Path, commands: dict[str, str]) -> None:
    (tmp_path / "compose.yaml").write_text(
        "name: shop\nservices: {a: {image: 'x:1', volumes: ['data:/d']}}\nvolumes: {data: {}}\n"
    )
    api.apply(convert(tmp_path, api.namespace).text)
    (tmp_path / "compose.yaml").write_text("name: shop\nservices: {b: {image: 'x:1'}}\n")

    said = remove(tmp_path, convert(tmp_path, api.namespace), commands)

    assert 'deployment.apps "a" deleted' in said
    assert api.each(_CLAIM)


_CLAIM = "PersistentVolumeClaim"


def _id(body: dict[str, object]) -> str:
    metadata = body["metadata"]
    assert isinstance(metadata, dict)
    return f"{body['kind']}/{metadata['name']}"
