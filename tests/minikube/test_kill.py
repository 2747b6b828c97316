"""`minikube up` killed in each of its steps and run again: it resumes, and leftovers do not block it."""

import os
import signal

import pytest

from tests.cluster.kube import wait_until
from tests.engine.fixtures import engine
from tests.minikube.small import page, small
from tests.minikube.stack import NAME, RARELY, Run, Stack, lone_machine, machine_runs, whole_matrix

__all__ = ["engine", "small"]

MACHINE = ("convertfromraw", "createvm", "modifyvm", "storageattach", "setextradata", "hostonlyif ipconfig", "startvm")
"""Calls of VBoxManage at which the machine's step is killed, in their order."""
STEPS = {
    # a step of the rest: what has been said or done when it begins
    "load": lambda run, _: "loading small" in run.err,
    "apply": lambda run, small: small.folder.name in small.rig.kubectl("get", "namespaces", "-o", "name"),
    "wait": lambda run, _: "… Deployment/web" in run.err,
}


def run_until(stack: Stack, call: str, run: Run) -> None:
    """Wait for a call of VBoxManage."""
    run.until(lambda: any(one.startswith(call) for one in stack.rig.calls()))


def goes_on(stack: Stack) -> bool:
    """Whether `up` ends well, at once or, if a machine is half-made, when it may delete it."""
    again = stack.run("up")
    if "was never finished" in again.err:
        assert "--yes" in again.err
        again = stack.run("up", "--yes")
    return machine_runs(again, stack.rig)


@pytest.mark.parametrize("call", whole_matrix(MACHINE, always=("createvm",)))
def test_killed_alone_while_the_machine_is_made(ssh_rig, tmp_path, call):
    """Minikube lives on, and the next `up` ends it before it looks."""
    stack = lone_machine(ssh_rig, tmp_path / "lone")
    with stack.begun("up") as run:
        run_until(stack, call, run)
        run.kill()

    assert goes_on(stack)
    assert stack.leftovers() == []


@pytest.mark.parametrize("call", whole_matrix(MACHINE, always=("startvm",)))
def test_killed_with_minikube_while_the_machine_is_made(ssh_rig, tmp_path, call):
    stack = lone_machine(ssh_rig, tmp_path / "lone")
    with stack.begun("up") as run:
        run_until(stack, call, run)
        os.killpg(run.process.pid, signal.SIGKILL)

    assert goes_on(stack)
    assert stack.leftovers() == []


def test_a_half_made_machine_is_told_and_made_anew(ssh_rig, tmp_path):
    """One that was registered, and never ran: whoever is not asked loses nothing."""
    stack = lone_machine(ssh_rig, tmp_path / "lone")
    with stack.begun("up") as run:
        run_until(stack, "storageattach", run)
        os.killpg(run.process.pid, signal.SIGKILL)
    machine = ssh_rig.state()["vms"][NAME]["uuid"]

    refused = stack.refused("up")
    kept = ssh_rig.state()["vms"][NAME]["uuid"]
    again = stack.run("up", "--yes")

    assert "half-made-machine" in refused
    assert "--yes" in refused
    assert kept == machine
    assert machine_runs(again, ssh_rig)
    assert ssh_rig.state()["vms"][NAME]["uuid"] != machine


def test_interrupted_while_the_machine_is_made(ssh_rig, tmp_path):
    stack = lone_machine(ssh_rig, tmp_path / "lone")
    with stack.begun("up") as run:
        run_until(stack, "createvm", run)
        children = run.children()
        run.interrupt()
        run.wait()

        assert (run.code, len(children)) == (130, 1)
        assert not any(os.path.exists(f"/proc/{child}") for child in children)
    assert stack.leftovers() == []
    assert goes_on(stack)


@pytest.mark.parametrize("step", whole_matrix(STEPS, always=STEPS))
def test_killed_after_the_machine_is_made(small, tmp_path, step):
    """The next one moves what is missing, and waits for the rest."""
    rig = small.rig
    with small.begun("up") as run:
        run.until(lambda: STEPS[step](run, small))
        run.kill()

    again = small.ok("up")

    assert again.out == f"web  http://{rig.address()}:8088\n"
    assert (page(rig), small.leftovers()) == ((small.folder / "index.html").read_text(), [])
    assert ("1 loaded" in again.err) == (step == "load"), again.err


def test_interrupted_while_an_image_is_loaded(small):
    with small.begun("up") as run:
        run.until(lambda: STEPS["load"](run, small))
        wait_until(run.children, "minikube image load runs")
        children = run.children()
        run.interrupt()
        run.wait()

        assert (run.code, len(children)) == (130, 1)
        assert not any(os.path.exists(f"/proc/{child}") for child in children)
    assert small.leftovers() == []


def test_two_at_once(small):
    """The second says who is at work, and changes nothing."""
    with small.begun("up") as first:
        first.until(lambda: "machine: " in first.err)
        second = small.refused("up")
        first.wait()

    assert f"process {first.process.pid} is using the minikube profile {NAME}" in second
    assert first.code == 0, first.err


@RARELY
def test_a_plan_and_a_status_do_not_wait_for_it(small):
    with small.begun("up") as run:
        run.until(lambda: "machine: " in run.err)

        small.ok("plan")
        assert small.run("status").out.startswith(f"machine  {NAME}: running")
