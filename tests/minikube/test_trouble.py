"""Messages of `minikube up` about images that do not arrive on the node, and pods that cannot start."""

import json
import re
import time
from datetime import datetime

import pytest

from tests.engine.fixtures import engine
from tests.minikube.guestbook import load_servers
from tests.minikube.minikubes import cutting, swallowing
from tests.minikube.small import change, small
from tests.minikube.stack import RARELY, Run, Stack, forget, scaled

__all__ = ["engine", "small"]

SOON = 5.0
"""Seconds after an event in which it is told."""
ILL = """\
name: ill
services:
  absent:
    image: nowhere.invalid/absent:1
  mistyped:
    image: busybox:1
    command: /bin/nothing-here
  failing:
    image: busybox:1
    command: sh -c "echo it is broken; exit 3"
"""


@pytest.fixture
def ill(rig, tmp_path):
    load_servers("busybox:1")
    (tmp_path / "ill").mkdir()
    stack = Stack(rig, tmp_path / "ill")
    stack.write(ILL)
    yield stack
    forget(stack, "ill")


def test_pods_that_cannot_start(ill, engine):
    """Each with its reason, the line of the file that it came from, and the last that it has written."""
    up = ill.run("up", "--wait-timeout", "20")

    assert (up.code, up.out) == (1, "")
    assert "compose.yaml:4:5: absent: ErrImagePull: failed to pull" in up.err
    assert re.search(r"^compose.yaml:6:5: mistyped: .*/bin/nothing-here: no such file", up.err, flags=re.MULTILINE)
    assert "compose.yaml:9:5: failing: ended: exit code 3\n  | it is broken\n" in up.err
    late = {name: told_after(up, f": {name}: ", begun) for name, begun in events(ill).items()}
    assert set(late) == {"absent", "mistyped", "failing"}
    assert max(late.values()) <= scaled(SOON), late


def told_after(run: Run, part: str, moment: float) -> float:
    """Seconds from a moment until it was told: the first line on it."""
    return time.time() - (time.monotonic() - run.said_at(part)) - moment


def events(stack: Stack) -> dict[str, float]:
    """When the node first knew that a service does not start, by its events, which have whole seconds."""
    listed = json.loads(stack.rig.kubectl("get", "events", "-n", "ill", "-o", "json"))["items"]
    found: dict[str, float] = {}
    for event in listed:
        if event["reason"] in ("Failed", "BackOff"):
            service = event["involvedObject"]["name"].partition("-")[0]
            moment = datetime.fromisoformat(event["firstTimestamp"]).timestamp()
            found[service] = min(moment, found.get(service, moment))
    return found


@pytest.mark.parametrize(
    "harm", [lambda rig, folder: swallowing(rig, folder, "image load"), pytest.param(cutting, marks=RARELY)]
)
def test_an_image_that_does_not_arrive(small, tmp_path, harm):
    """Minikube ends with 0 all the same. Nothing is applied, and the next `up` moves it."""
    failed = small.refused("up", **harm(small.rig, tmp_path))

    name = small.folder.name
    assert f"error: {name}-web:" in failed
    assert f"namespace/{name}" not in small.rig.kubectl("get", "namespaces", "-o", "name").split()
    assert small.leftovers() == []
    small.ok("up")


@RARELY
def test_a_node_without_room_for_an_image(small):
    rig = small.rig
    small.ok("up")
    # What df shows is free for everybody; what root may have beyond that is written, too.
    folder = "/var/lib/containerd"
    free = rig.minikube("ssh", "--", f"df --output=avail -B1 {folder} | tail -1").stdout.strip()
    fill = f"fallocate -l {free} {folder}/full; cat /dev/zero >{folder}/fuller || true"
    rig.minikube("ssh", "--", f'sudo sh -c "{fill}"')
    try:
        change(small, "second" * 1_000_000)
        failed = small.refused("up")
    finally:
        rig.minikube("ssh", "--", f"sudo rm {folder}/full {folder}/fuller")

    assert f"error: {small.folder.name}-web:" in failed
    assert "disk" in failed
    small.ok("up")
