"""The command that `convert` prints for what the stack no longer has, as a user copies it."""

import os
import subprocess
import sys
from pathlib import Path

from tests.cluster.converted import ROOT, Converted
from tests.cluster.kube import Kube


def commands(api: Kube, folder: Path) -> dict[str, str]:
    """The environment in which the words `kubectl` and `stackferry` mean the cluster's and this checkout's."""
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
