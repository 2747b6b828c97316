"""Commands that `convert` prints, run in a shell as a user would paste them."""

import os
import shlex
import subprocess
import sys
from pathlib import Path

from tests.cluster.converted import ROOT, Converted
from tests.cluster.kube import Kube


def commands(api: Kube, folder: Path) -> dict[str, str]:
    """The environment in which the words `kubectl` and `stackferry` mean the cluster's and this checkout's."""
    folder.mkdir()
    for name, command in (
        ("kubectl", (str(api.cluster.kubectl), "--kubeconfig", str(api.cluster.kubeconfig))),
        ("stackferry", ("env", f"PYTHONPATH={ROOT}", sys.executable, "-m", "stackferry")),
    ):
        (folder / name).write_text(f'#!/bin/sh\nexec {shlex.join(command)} "$@"\n')
        (folder / name).chmod(0o755)
    return {**os.environ, "PATH": f"{folder}:{os.environ['PATH']}"}


def remove(folder: Path, found: Converted, environment: dict[str, str]) -> str:
    """What the printed command says that it deleted."""
    (line,) = [line.strip() for line in found.said.splitlines() if line.startswith("  kubectl get ")]
    return typed(line, folder, environment)


def typed(line: str, folder: Path, environment: dict[str, str], timeout: float | None = None) -> str:
    """What a line prints that is typed in `folder`; no part of it may fail."""
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", line],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )
    assert done.returncode == 0, f"{line}: {done.stderr}"
    return done.stdout
