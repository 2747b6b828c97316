"""A stack converted by the command line, as a user would do it, and applied."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.cluster.kube import Kube, objects, text
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
    done = subprocess.run(
        [sys.executable, "-m", "stackferry", *words],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), **(environment or {})},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"stackferry {' '.join(words)}: {done.stderr}"
    return done


def deploy(kube: Kube, folder: Path, *options: str, change: Callable[[Object], None] = lambda _: None) -> Converted:
    """Convert and apply a stack; `change` may adapt each object first, which a test must say why."""
    found = convert(folder, kube.namespace, *options)
    bodies = found.objects
    for one in bodies:
        change(one)
    kube.apply(text(bodies))
    return found


def on_a_block_volume(body: Object) -> None:
    """Claims of the class whose folders look like a disk of their own: root's, with `lost+found` in them."""
    if body["kind"] == "PersistentVolumeClaim":
        body["spec"]["storageClassName"] = "block"
    for one in body.get("spec", {}).get("volumeClaimTemplates", ()):
        one["spec"]["storageClassName"] = "block"
