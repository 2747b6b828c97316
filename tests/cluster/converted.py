"""Runs a stack on a cluster through the command line, as a user would: with `kube up`, or `convert` and kubectl."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.cluster.kube import PATIENCE, Kube, objects, text
from tests.cluster.server import Object

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Converted:
    """The manifests of a stack, and what was said beside them."""

    text: str
    said: str

    @property
    def objects(self) -> list[Object]:
        return objects(self.text)


def convert(folder: Path, namespace: str, *options: str, environment: dict[str, str] | None = None) -> Converted:
    """`stackferry convert` in the folder of a stack."""
    manifests = run(folder, "convert", "--namespace", namespace, *options, environment=environment)
    return Converted(manifests.stdout, manifests.stderr)


def explained(folder: Path, *options: str) -> list[dict[str, Any]]:
    """The rows of `stackferry explain`."""
    found: list[dict[str, Any]] = json.loads(run(folder, "explain", "--format", "json", *options).stdout)
    return found


def run(folder: Path, *words: str, environment: dict[str, str] | None = None) -> "subprocess.CompletedProcess[str]":
    """The command line of this checkout; it must succeed."""
    done = tried(folder, *words, environment=environment)
    assert done.returncode == 0, f"stackferry {' '.join(words)}: {done.stderr}"
    return done


def tried(folder: Path, *words: str, environment: dict[str, str] | None = None) -> "subprocess.CompletedProcess[str]":
    """The command line of this checkout, however it ends."""
    return subprocess.run(
        [sys.executable, "-m", "stackferry", *words],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), **(environment or {})},
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=PATIENCE * 2,
        check=False,
    )


def kube(
    node: Kube,
    folder: Path,
    *words: str,
    environment: dict[str, str] | None = None,
    kubeconfig: Path | None = None,
) -> "subprocess.CompletedProcess[str]":
    """`stackferry kube` in the namespace, however it ends; as an administrator, or as who has the `kubeconfig`."""
    who = str(kubeconfig or node.cluster.kubeconfig)
    where = ("--context", "test", "--kubeconfig", who, "--namespace", node.namespace)
    return tried(folder, "kube", *words, *where, environment=environment)


def bring_up(
    node: Kube,
    folder: Path,
    *options: str,
    storage: str = "standard",
    unready: Collection[str] = (),
    environment: dict[str, str] | None = None,
) -> Converted:
    """`stackferry kube up` of a stack into the namespace. All of it must run in the end but `unready`, by `Kind/name`.

    Its claims are of the class `storage`: where that is not the cluster's default, somebody has made them before.
    """
    if storage != "standard":
        _claim(node, convert(folder, node.namespace, *options).objects, storage)
    patience = ("--wait-timeout", "45" if unready else f"{PATIENCE:.0f}")
    done = kube(node, folder, "up", "--yes", *patience, *options, environment=environment)
    told = f"stackferry kube up {' '.join(options)}: {done.stderr}\n{node.told()}"
    assert done.returncode == bool(unready), told
    (error,) = [line for line in done.stderr.splitlines() if line.startswith("error: ")] or [""]
    assert set(re.findall(r"[A-Z]\w+/[\w-]+", error)) == set(unready), told
    return Converted(done.stdout, done.stderr)


def _claim(node: Kube, bodies: list[Object], storage: str) -> None:
    """Make the claims of a stack beforehand, also those that a StatefulSet will look for."""
    claims = [(body["metadata"]["name"], body["spec"]) for body in bodies if body["kind"] == "PersistentVolumeClaim"]
    for body in bodies:
        for claim in body.get("spec", {}).get("volumeClaimTemplates", ()):
            name = f"{claim['metadata']['name']}-{body['metadata']['name']}"
            claims += [(f"{name}-{number}", claim["spec"]) for number in range(body["spec"].get("replicas", 1))]
    node.apply(
        text(
            {
                "apiVersion": "v1",
                "kind": "PersistentVolumeClaim",
                "metadata": {"name": name},
                "spec": {**spec, "storageClassName": storage},
            }
            for name, spec in claims
        )
    )
