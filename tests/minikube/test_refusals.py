"""What `minikube up` refuses before anything is changed, and its messages if something is missing."""

import json
import os

import pytest

from tests.engine.fixtures import engine
from tests.minikube.minikubes import without
from tests.minikube.stack import NAME, Stack, lone_machine

__all__ = ["engine"]

DIFFERENCES = {
    # what is asked of a machine that is there: the difference that is told
    ("--cpus", "3"): "CPUs: it has 2, requested 3",
    ("--memory", "4g"): "memory: it has 3072 MB, requested 4096 MB",
    ("--disk-size", "30g"): "disk: it has 2000 MB, requested 30720 MB",
    ("--driver", "docker"): "driver: it has virtualbox, requested docker",
    ("--", "--container-runtime=docker"): "container runtime: it has containerd, requested docker",
    ("--", "--memory=5g"): "memory: it has 3072 MB, requested 5120 MB",
    (): "node ports: it has 30000-32767, requested 8088",
}


def test_another_machine_than_there_is(ssh_rig, tmp_path):
    """One that somebody has made by `minikube start`: it is told with the two ways out, and stays what it was."""
    ssh_rig.start()
    stack = lone_machine(ssh_rig, tmp_path / "lone")
    stack.write('name: lone\nservices:\n  web:\n    image: nowhere.invalid/lone:1\n    ports: ["8088:80"]\n')
    profile = ssh_rig.minikube("profile", "list", "-o", "json", "--light").stdout
    begun = len(ssh_rig.calls())

    for words, difference in DIFFERENCES.items():
        refused = stack.refused("up", *words)
        assert difference in refused
        assert "--cluster NAME" in refused
        assert "down --volumes --machine delete" in refused

    assert ssh_rig.minikube("profile", "list", "-o", "json", "--light").stdout == profile
    assert {call.split()[0] for call in ssh_rig.calls()[begun:]} <= {"--version", "list", "showvminfo"}


@pytest.mark.skipif(os.geteuid() != 0, reason="whoever is not root needs no --force")
def test_root_without_force(bare_rig, tmp_path):
    flags = tuple(word for word in bare_rig.start_words if word != "--force")
    stack = lone_machine(bare_rig, tmp_path / "lone")

    refused = stack.refused("up", "--", *flags)

    assert "57 DRV_AS_ROOT" in refused
    assert "--force" in refused
    assert is_untouched(stack)


def test_without_minikube(bare_rig, tmp_path):
    stack = lone_machine(bare_rig, tmp_path / "lone")

    refused = stack.refused("up", **without(bare_rig, tmp_path / "path", "minikube"))

    assert "minikube is not on the PATH" in refused
    assert "https://minikube.sigs.k8s.io" in refused


def test_without_virtualbox(bare_rig, tmp_path):
    stack = lone_machine(bare_rig, tmp_path / "lone")
    settings = without(bare_rig, tmp_path / "path", "VBoxManage")

    refused = stack.refused("up", "--driver", "virtualbox", **settings)

    assert "PROVIDER_VIRTUALBOX_NOT_FOUND" in refused
    assert is_untouched(stack)


def test_without_virtualbox_another_driver_is_taken_that_works(bare_rig, engine, tmp_path):
    stack = lone_machine(bare_rig, tmp_path / "lone")

    planned = stack.ok("plan", **without(bare_rig, tmp_path / "path", "VBoxManage"))

    assert "using docker, since VirtualBox does not work on this machine" in planned.err
    assert "--driver=docker" in planned.out
    assert is_untouched(stack)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("up", "--cluster", "a b"), "is not a valid host name"),
        (("up", "--cluster", "../x"), "is not a valid host name"),
        (("up", "--iso-url=file:///x"), "No such option"),
        (("up", "--memory", "much"), "invalid size"),
        (("down", "--machine", "sell"), "is not one of stop, delete"),
    ],
)
def test_a_command_line_that_says_nothing(bare_rig, tmp_path, words, message):
    stack = Stack(bare_rig, tmp_path, flags=())
    stack.write("services:\n  web:\n    image: busybox:1\n")

    run = stack.run(*words)

    assert (run.code, run.out) == (2, "")
    assert message in run.err
    assert bare_rig.calls() == []


def is_untouched(stack: Stack) -> bool:
    """Whether there is neither a machine nor a profile."""
    profiles = json.loads(stack.rig.minikube("profile", "list", "-o", "json", "--light", check=False).stdout)
    names = [one["Name"] for kind in ("valid", "invalid") for one in profiles.get(kind) or ()]
    return stack.rig.state()["vms"] == {} and NAME not in names
