"""`minikube up`, killed while it makes the machine: the next one goes on, or says what it needs to."""

import os
import signal
from pathlib import Path

import pytest

from tests.cluster.kube import wait_until
from tests.minikube.rig import Rig
from tests.minikube.stack import Stack

COMPOSE = "name: shop\nservices:\n  web: {image: 'busybox:1'}\n"
DONE = "minikube: Done!"
"""What it says when the machine runs. Without Kubernetes no stack can be applied afterwards, so it ends with 1."""
MOMENTS = ("convertfromraw", "createvm", "modifyvm", "storageattach", "startvm")
"""Calls of VBoxManage, in their order."""
OFFER = "was never finished, and holds nothing. Delete it and make it anew?"


@pytest.fixture
def stack(ssh_rig: Rig, tmp_path: Path) -> Stack:
    found = Stack(ssh_rig, tmp_path / "shop", flags=(*ssh_rig.start_words, "--no-kubernetes"))
    found.folder.mkdir()
    found.write(COMPOSE)
    return found


def called(rig: Rig, name: str) -> bool:
    return any(line.startswith(name) for line in rig.calls())


def machine_runs(stack: Stack) -> bool:
    return any(one["state"] == "running" for one in stack.rig.state()["vms"].values())


@pytest.mark.parametrize("moment", MOMENTS)
def test_it_goes_on_after_it_was_killed(stack: Stack, moment: str) -> None:
    with stack.begun("up") as run:
        wait_until(lambda: called(stack.rig, moment) or None, f"{moment} is called")
        run.kill()

    again = stack.run("up")
    if OFFER in again.err:
        assert again.code == 1
        assert "--yes" in again.err
        again = stack.run("up", "--yes")

    assert DONE in again.err, again.err
    assert machine_runs(stack)
    assert stack.leftovers() == []
    # What was said the first time is known, though that run never came to its end.
    remembered = stack.rig.folder / "home" / ".minikube" / "profiles" / "minikube" / "stackferry.json"
    assert "--no-kubernetes" in remembered.read_text("utf-8")


def test_a_machine_that_never_ran_is_not_deleted_unasked(stack: Stack) -> None:
    with stack.begun("up") as run:
        wait_until(lambda: called(stack.rig, "createvm") or None, "the machine is registered")
        run.kill()
        # The minikube of it as well: it would go on for as long as nobody stops it.
        child = stack.rig.folder / "home" / ".minikube" / "stackferry" / "minikube" / "child"
        os.kill(int(child.read_text("utf-8").split()[0]), signal.SIGKILL)

    refused = stack.refused("up")

    assert OFFER in refused
    assert stack.rig.state()["vms"], "it is still there"


def test_ctrl_c_leaves_nothing_running(stack: Stack) -> None:
    with stack.begun("up") as run:
        wait_until(lambda: called(stack.rig, "convertfromraw") or None, "the disk is being made")
        os.killpg(run.process.pid, signal.SIGINT)
        run.wait()

    assert run.code == 130
    assert not (stack.rig.folder / "home" / ".minikube" / "stackferry" / "minikube" / "child").exists()
    assert stack.leftovers() == []


def test_a_second_one_at_the_same_time_is_told_who_has_it(stack: Stack) -> None:
    with stack.begun("up") as run:
        wait_until(lambda: called(stack.rig, "createvm") or None, "the first one is at work")

        refused = stack.refused("up")

        assert f"process {run.process.pid} is at work on the minikube profile minikube" in refused
        run.wait()
    assert DONE in run.err
