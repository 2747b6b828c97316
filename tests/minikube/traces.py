"""Checks that a deleted machine of namespaces leaves nothing on this computer."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.minikube.rig import Rig
from tests.minikube.vboxmanage.namespaces import CGROUPS, tag
from tests.minikube.vboxmanage.power import alive


def traces(rig: Rig, machine: dict[str, Any]) -> Iterator[str]:
    """What there is of one, by its entry in the state from when it ran. Its bridge is the rig's, and stays."""
    name, folder = tag(machine["uuid"]), str(rig.folder)
    if alive(machine["keeper"]):
        yield f"process {machine['keeper'][0]}"
    yield from (str(one / name) for one in CGROUPS.iterdir() if (one / name).exists())
    yield from (line for line in _said(rig, "ip", "link") if name in line)
    yield from (line for line in _said(rig, "losetup", "--all") if folder in line)
    for held in ("/proc/mounts", "/proc/swaps"):
        yield from (line for line in Path(held).read_text("utf-8").splitlines() if folder in line)


def _said(rig: Rig, *words: str) -> list[str]:
    return rig.run(*words).stdout.splitlines()
