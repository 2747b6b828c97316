"""`startvm`, `controlvm`, `discardstate`, `unregistervm`: start and end machines, and notice their end."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from tests.minikube.vboxmanage import namespaces
from tests.minikube.vboxmanage.errors import VBoxError, failure, injected, plain
from tests.minikube.vboxmanage.machines import PROGRESS, found, now
from tests.minikube.vboxmanage.registry import State, kind

STARTABLE = ("poweroff", "aborted", "saved", "aborted-saved")
SPOKEN = {"poweroff": "PoweredOff", "gurumeditation": "GuruMeditation", "aborted-saved": "AbortedSaved"}
"""What messages call a state; the others differ in their first letter only."""

PATIENCE = 60
"""Seconds that a machine may take to power off when it is told to, or that a killed one's traces need to vanish."""

HEAD = "VirtualBox VM 7.2.22 r175245 linux.amd64 (release) release log"
WELL = ("HM: HMR3Init: VT-x w/ nested paging and unrestricted guest execution hw support",)
"""How VBox.log begins, and what it says of a machine that starts; with `log`, the state says something else."""


def refresh(state: State) -> None:
    """Note of each machine whose process has died that it is `aborted`, as VirtualBox does."""
    for machine in state["vms"].values():
        if "keeper" in machine and not alive(machine["keeper"]):
            _ended(machine, "aborted")
            namespaces.sweep(machine["uuid"])


def startvm(words: list[str], state: State) -> str:
    name = words[1]
    machine = found(state, name)
    if machine.get("locked") or machine["state"] not in STARTABLE:
        message = f"The machine '{name}' is already locked by a session (or being locked or unlocked)"
        raise failure(message, "VBOX_E_INVALID_OBJECT_STATE", "machine")
    waiting = f'Waiting for VM "{name}" to power on...\n'
    _write_log(name, machine, state)
    reason = injected(words, state)
    if reason:
        sys.stdout.write(waiting)
        raise reason
    if machine["state"] == "saved" and "keeper" in machine:
        namespaces.freeze(machine["uuid"], frozen=False)
    elif kind() != "none":
        machine |= _keep(name, machine)
    machine |= {"state": "running", "changed": now()}
    return f'{waiting}VM "{name}" has been successfully started.\n'


def controlvm(words: list[str], state: State) -> str:
    """`controlvm NAME poweroff|acpipowerbutton|pause|resume|savestate`."""
    name, action = words[1:3]
    machine = found(state, name)
    if machine["state"] not in ("running", "paused", "gurumeditation"):
        raise plain(f"Machine '{name}' is not currently running.")
    wanted = {"pause": ("running", "paused"), "resume": ("paused", "running")}.get(action)
    if action == "poweroff":
        _power_off(machine)
        sys.stderr.write(PROGRESS)
    elif action == "acpipowerbutton":
        if machine["state"] == "running":
            _press(machine)
    elif action == "savestate":
        _freeze(machine, frozen=True)
        machine |= {"state": "saved", "changed": now()}
        sys.stderr.write(PROGRESS)
    elif wanted:
        if machine["state"] != wanted[0]:
            message = f"Invalid machine state: {_spoken(machine['state'])} (must be {_spoken(wanted[0])})"
            raise failure(message, "VBOX_E_INVALID_VM_STATE", "session")
        _freeze(machine, frozen=action == "pause")
        machine |= {"state": wanted[1], "changed": now()}
    else:
        raise plain(f"Invalid parameter '{action}'", code=2)
    return ""


def discardstate(words: list[str], state: State) -> str:
    machine = found(state, words[1])
    if machine["state"] not in ("saved", "aborted-saved"):
        raise failure(
            "Cannot discard the saved state as the machine is not in the Saved or Aborted-Saved state "
            f"(machine state: {_spoken(machine['state'])})",
            "VBOX_E_INVALID_VM_STATE",
            "session",
            code=0,
        )
    _power_off(machine)
    return ""


def unregistervm(words: list[str], state: State) -> str:
    """Forget a machine; with --delete its files go, too. One that runs must be powered off first."""
    name = next(word for word in words[1:] if not word.startswith("--"))
    machine = found(state, name)
    if machine.get("locked") or machine["state"] not in STARTABLE:
        raise failure(
            f"Cannot unregister the machine '{name}' while it is locked", "VBOX_E_INVALID_OBJECT_STATE", "machine"
        )
    if "keeper" in machine:
        # A saved one is only frozen.
        _power_off(machine)
    del state["vms"][name]
    if "--delete" in words:
        shutil.rmtree(f"{machine['folder']}/{name}", ignore_errors=True)
        for medium in machine["media"].values():
            if medium["type"] == "hdd":
                Path(medium["path"]).unlink(missing_ok=True)
        sys.stderr.write(PROGRESS)
    return ""


def alive(process: list[Any]) -> bool:
    """Whether a process, by its number and its time of birth, is still there and not a zombie."""
    return born(process[0]) == process[1]


def born(number: int) -> str:
    """When a process started, in the kernel's ticks; "" if it is no more. A number used again is another process."""
    try:
        fields = Path(f"/proc/{number}/stat").read_text("utf-8").rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if fields[0] == "Z" else fields[19]


def _keep(name: str, machine: dict[str, Any]) -> dict[str, Any]:
    """Start the process that is the machine (keeper.py), and wait until it says that its machine is there."""
    log = Path(machine["folder"]) / name / "Logs" / "keeper.log"
    with log.open("a") as stream:
        keeper = subprocess.Popen(
            [sys.executable, "-I", Path(__file__).with_name("keeper.py"), name],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=stream,
            start_new_session=True,
        )
    assert keeper.stdout
    address = keeper.stdout.read().decode().strip()
    if not address:
        keeper.wait()
        reason = f"The virtual machine '{name}' has terminated unexpectedly during startup with exit code 1 (0x1)"
        print(f"the rig: {log} says why", file=sys.stderr)
        raise failure(reason, "NS_ERROR_FAILURE", "machine", callee=False)
    return {"keeper": [keeper.pid, born(keeper.pid)], "ip": address}


def _write_log(name: str, machine: dict[str, Any], state: State) -> None:
    lines = [HEAD, *state.get("log", WELL)]
    text = "".join(f"00:00:{number:02}.000000 {line}\n" for number, line in enumerate(lines))
    (Path(machine["folder"]) / name / "Logs" / "VBox.log").write_text(text, "utf-8")


def _press(machine: dict[str, Any]) -> None:
    if "keeper" in machine:
        os.kill(machine["keeper"][0], signal.SIGUSR1)
    elif kind() == "none":
        _ended(machine, "poweroff")


def _power_off(machine: dict[str, Any]) -> None:
    if "keeper" in machine:
        os.kill(machine["keeper"][0], signal.SIGTERM)
        end = time.monotonic() + PATIENCE
        while alive(machine["keeper"]):
            if time.monotonic() > end:
                raise VBoxError(f"the rig: process {machine['keeper'][0]} does not end")
            time.sleep(0.02)
    _ended(machine, "poweroff")


def _freeze(machine: dict[str, Any], frozen: bool) -> None:
    if "keeper" in machine and kind() == "ns":
        namespaces.freeze(machine["uuid"], frozen)


def _spoken(word: str) -> str:
    return SPOKEN.get(word, word.capitalize())


def _ended(machine: dict[str, Any], word: str) -> None:
    machine.pop("keeper", None)
    machine |= {"state": word, "changed": now()}
