"""`doctor --target minikube` with the real minikube: its reports on states of VirtualBox, and its speed."""

import json
import os
import re
import signal
import subprocess
import sys
import time

import pytest

from tests.minikube import states
from tests.minikube.rig import PATIENCE, Rig

QUICK = 2.0
"""Seconds in which all checks together are made, on an idle machine."""
QUESTIONS = {"--version", "list", "showvminfo"}
"""All that a doctor may say to VBoxManage."""


def doctor(rig: Rig, *words: str, flags: tuple[str, ...] | None = None, **settings: str) -> dict[str, tuple[str, str]]:
    """What it says, by check: verdict, and message with hint."""
    command = (sys.executable, "-m", "stackferry", "doctor", "--target", "minikube", "--format", "json", *words)
    done = rig.run(*command, "--", *(rig.start_words if flags is None else flags), check=False, **settings)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    said = {row["Name"]: (row["Status"], f"{row['Message']} ({row['Hint']})") for row in rows}

    assert len(said) == len(rows) > 0, done.stderr
    assert done.returncode == int(any(verdict == "FAIL" for verdict, _ in said.values())), done.stderr
    return said


def failing(said: dict[str, tuple[str, str]]) -> list[str]:
    return [name for name, (verdict, _) in said.items() if verdict == "FAIL"]


def test_a_node_that_runs(rig):
    """All is well with it, and that is said in less than two seconds: by the quickest of a few runs."""
    rig.start()
    before = set(rig.calls())
    took = []
    for _ in range(3):
        start = time.monotonic()
        said = doctor(rig)
        took.append(time.monotonic() - start)

    assert failing(said) == []
    for name in ("machine-state", "api-server", "clock", "home-share", "node-disk-full", "range-taken", "vboxdrv"):
        assert said[name][0] == "ok", said[name]
    assert "not tried" not in str(said)
    left = re.search(r"(\d+) MiB left", said["node-disk-full"][1])
    assert left is not None
    assert int(left[1]) < 4000, "of the machine's disk, and not of its memory"
    assert {line.split()[0] for line in set(rig.calls()) - before} <= QUESTIONS
    assert min(took) < QUICK * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1)), took


def test_a_machine_in_any_state(ssh_rig):
    """With what follows from it: one that minikube does not understand it would delete."""
    ssh_rig.start()
    assert failing(doctor(ssh_rig)) == []

    said = {}
    for state in ("paused", "aborted", "aborted while saved", "guru meditation", "stopping"):
        states.put(ssh_rig, state)
        said[state] = doctor(ssh_rig)

    assert {state: found["machine-state"][0] for state, found in said.items()} == {
        "paused": "warn",
        "aborted": "warn",
        "aborted while saved": "FAIL",
        "guru meditation": "FAIL",
        "stopping": "FAIL",
    }
    for state in ("aborted while saved", "guru meditation", "stopping"):
        assert "delete it with all its data" in said[state]["machine-state"][1]


def test_minikube_deletes_a_machine_that_it_does_not_understand(ssh_rig):
    """Why that is a FAIL: it takes it for missing, and makes another one. If it no longer does, nothing is to be said.

    What comes of it takes minutes: killed as soon as it has said so.
    """
    ssh_rig.start()
    states.put(ssh_rig, "guru meditation")
    words = ("minikube", "start", *ssh_rig.whole_start)
    said = []
    with subprocess.Popen(words, env=ssh_rig.environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE) as start:
        assert start.stdout is not None
        for line in start.stdout:
            said.append(line.decode())
            if "VM is missing, will recreate" in said[-1]:
                break
        start.send_signal(signal.SIGKILL)

    assert "VM is missing, will recreate" in said[-1], said


def test_a_start_that_was_killed(ssh_rig):
    """In the middle of making the machine, which has no disk yet then."""
    words = ("minikube", "start", *ssh_rig.whole_start)
    silent = subprocess.DEVNULL
    with subprocess.Popen(words, env=ssh_rig.environment, stdin=silent, stdout=silent, stderr=silent) as start:
        end = time.monotonic() + PATIENCE
        while not any(line.startswith("createvm") for line in ssh_rig.calls()):
            assert start.poll() is None, "it ended by itself"
            assert time.monotonic() < end
            time.sleep(0.005)
        start.send_signal(signal.SIGKILL)
    said = doctor(ssh_rig)

    assert failing(said) == []
    assert said["half-made-machine"][0] == "warn"
    assert "was interrupted" in said["half-made-machine"][1]
    assert "minikube delete" in said["half-made-machine"][1]


def test_nothing_was_ever_started(bare_rig):
    """And nothing is made by asking."""
    before = sorted(path for path in bare_rig.folder.rglob("*") if "calls.log" not in path.name)
    said = doctor(bare_rig)

    assert failing(said) == []
    assert said["as-root"][0] == "ok" if not os.geteuid() else "as-root" not in said
    after = [path for path in bare_rig.folder.rglob("*") if "calls.log" not in path.name and path.name != "lock"]
    assert sorted(after) == before
    assert {line.split()[0] for line in bare_rig.calls()} <= QUESTIONS


@pytest.mark.skipif(os.geteuid() != 0, reason="root is who is refused")
def test_root_without_force(bare_rig):
    verdict, said = doctor(bare_rig, flags=("--no-vtx-check",))["as-root"]

    assert verdict == "FAIL"
    assert "57 DRV_AS_ROOT" in said


def test_a_virtualbox_without_its_module(bare_rig):
    states.put(bare_rig, "no driver")
    said = doctor(bare_rig)

    assert failing(said) == ["vboxdrv"]
    assert "63 PR_VBOX_DEVICE_MISSING" in said["vboxdrv"][1]
    # What it says behind the warning is understood all the same.
    assert said["virtualbox-version"][0] == "ok"


@pytest.mark.parametrize(
    ("state", "word", "ending"),
    [
        ("KVM has VT-x", "VERR_VMX_IN_VMX_ROOT_MODE", "67 PR_VBOX_BLOCKED"),
        ("KVM has AMD-V", "VERR_SVM_IN_USE", "67 PR_VBOX_BLOCKED"),
        ("no VT-x", "VERR_VMX_NO_VMX", "38 HOST_VTX_UNAVAILABLE"),
        ("VT-x off in the BIOS", "VERR_VMX_MSR_ALL_VMX_DISABLED", "38 HOST_VTX_DISABLED"),
    ],
)
def test_a_start_that_the_hypervisor_refused(bare_rig, state, word, ending):
    states.register(bare_rig)
    states.put(bare_rig, state)
    bare_rig.run("VBoxManage", "startvm", "minikube", "--type", "headless", check=False)
    verdict, said = doctor(bare_rig)["last-start"]

    assert verdict == "warn"
    assert word in said
    assert f"minikube would exit with {ending}" in said


def test_a_machine_that_minikube_does_not_know(bare_rig):
    states.register(bare_rig)
    said = doctor(bare_rig)

    assert failing(said) == ["machine-without-profile"]
    assert "80 GUEST_PROVISION" in said["machine-without-profile"][1]


def test_adapters_of_one_address_and_such_that_are_left_over(bare_rig):
    ours = bare_rig.cidr.partition("/")[0]
    states.adapters(bare_rig, {"vboxnet0": ours, "vboxnet1": "192.168.70.1", "vboxnet2": ours})
    said = doctor(bare_rig)

    assert failing(said) == ["host-only-same-address"]
    assert f"vboxnet0 and vboxnet2 both have {ours}" in said["host-only-same-address"][1]
    assert said["host-only-leftovers"][0] == "warn"
    assert "VBoxManage hostonlyif remove vboxnet1" in said["host-only-leftovers"][1]


def test_a_virtualbox_that_fails_at_everything(bare_rig):
    """A report comes all the same."""
    states.put(bare_rig, "not ready")
    said = doctor(bare_rig)

    assert said["virtualbox-version"][0] == "FAIL"
    assert "not tried: VBoxManage list hostonlyifs" in said["host-only-same-address"][1]
    assert said["memory"][0] == "ok"


def test_a_virtualbox_that_is_not_there(bare_rig):
    """The driver that works here is named, if there is one."""
    (bare_rig.folder / "path" / "VBoxManage").unlink()
    said = doctor(bare_rig, "--driver", "virtualbox")

    assert failing(said) == ["virtualbox-installed"]
    assert "65 PROVIDER_VIRTUALBOX_NOT_FOUND" in said["virtualbox-installed"][1]
    assert "install VirtualBox" in said["virtualbox-installed"][1]
