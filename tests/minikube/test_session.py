"""Rigs are created and removed with everything in them, also those of a killed run."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.minikube import session, states
from tests.minikube.rig import Rig
from tests.minikube.vboxmanage.power import alive

SESSION = Path(session.__file__)


def started(rig: Rig) -> list[int]:
    """Start what looks like a machine, without minikube; the answer is its process."""
    states.register(rig)
    rig.run("VBoxManage", "modifyvm", "minikube", "--natpf1", f"ssh,tcp,127.0.0.1,{free_port()},,22")
    rig.run("VBoxManage", "startvm", "minikube", "--type", "headless")
    return rig.state()["vms"]["minikube"]["keeper"]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


@pytest.mark.usefixtures("ssh_rig")
def test_what_a_killed_run_leaves_is_removed_by_the_next_one():
    other = subprocess.Popen([sys.executable, SESSION, "ssh"], stdout=subprocess.PIPE, text=True)
    (folder,) = {Path(word[8:]).parent for word in other.stdout.readline().split() if word.startswith("RIG_DIR=")}
    keeper = started(Rig(folder, "ssh", "192.168.59.1/24"))
    other.kill()
    other.wait()
    other.stdout.close()

    with session.private("none"):
        left = (folder.exists(), alive(keeper))

    assert left == (False, False)


def test_a_rig_that_is_done_with_takes_its_machine_along(ssh_rig):
    with session.private("ssh") as rig:
        keeper = started(rig)
        before = alive(keeper)

    assert (before, alive(keeper), rig.folder.exists()) == (True, False, False)
    assert ssh_rig.folder.exists()


def test_a_machine_whose_process_is_killed_is_aborted_and_starts_again(ssh_rig):
    number, _ = started(ssh_rig)

    os.kill(number, signal.SIGKILL)

    shown = ssh_rig.run("VBoxManage", "list", "runningvms").stdout
    word = ssh_rig.state()["vms"]["minikube"]["state"]
    ssh_rig.run("VBoxManage", "startvm", "minikube", "--type", "headless")
    assert (shown, word, ssh_rig.state()["vms"]["minikube"]["state"]) == ("", "aborted", "running")
