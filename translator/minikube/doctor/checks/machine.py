"""Checks the cluster's machine in VirtualBox: its state, its lock, and whether minikube knows it.

If a machine is in a state that minikube does not know (guru meditation, and all transitions), minikube takes it for
missing: `minikube start` powers it off, deletes it with its disk and creates another one. Seen with 1.38.1.
"""

from collections.abc import Mapping

from stackferry.translator.minikube.doctor.facts.facts import Facts
from stackferry.translator.minikube.doctor.facts.host import Process
from stackferry.translator.minikube.doctor.facts.unknown import known
from stackferry.translator.minikube.doctor.facts.virtualbox import Machine
from stackferry.translator.minikube.doctor.finding import Check, Ending, Finding, fail, ok, warn

_LOST = "minikube start would consider it missing, and delete it with all its data"
_RESTING = frozenset(("poweroff", "aborted", "saved", "aborted-saved"))
_FINE: Mapping[str, str] = {
    "running": "runs",
    "poweroff": "is stopped: the next start starts it again",
    "saved": "is saved to disk: a start resumes it",
}


def state(facts: Facts) -> Finding | None:
    """Asks VBoxManage: minikube reports some of these states as others."""
    machine = known(facts.virtualbox.machine)
    if machine is None:
        return None
    name = facts.cluster
    if machine.state in _FINE:
        return ok(f"{name} {_FINE[machine.state]}")
    special = _SPECIAL.get(machine.state)
    if special is not None:
        return special(facts)
    shown = f"is {machine.state}" if machine.state else "has no state that VBoxManage reports"
    return fail(
        f"{name} {shown}: {_LOST}",
        f"wait; if it stays in this state: VBoxManage startvm {name} --type emergencystop",
    )


def _aborted(facts: Facts) -> Finding:
    return warn(
        f"{facts.cluster} was not shut down properly: its process was killed, or this computer crashed",
        "start it again, which also checks its disk",
    )


def _paused(facts: Facts) -> Finding:
    return warn(
        (
            f"{facts.cluster} is paused: by a user, or because a disk of this computer is full; minikube"
            " status would exit with 7"
        ),
        (
            f"free some space if it is full, then: VBoxManage controlvm {facts.cluster} resume (starting"
            " it does this too)"
        ),
    )


def _guru(facts: Facts) -> Finding:
    lines = known(facts.virtualbox.log)
    why = next((line for line in reversed(lines) if "VERR_" in line), "")
    said = f" (VBox.log: {_cut(why)})" if why else ""
    return fail(
        f"{facts.cluster} is in guru meditation: its virtual processor has crashed{said}: {_LOST}",
        f"run VBoxManage controlvm {facts.cluster} poweroff, then start it",
    )


def _aborted_saved(facts: Facts) -> Finding:
    return fail(
        f"{facts.cluster} was killed while it was being resumed: {_LOST}",
        f"run VBoxManage discardstate {facts.cluster} (its memory is lost, but not its disk), then start it",
    )


_SPECIAL = {"aborted": _aborted, "paused": _paused, "gurumeditation": _guru, "aborted-saved": _aborted_saved}


def _cut(line: str) -> str:
    """A line of VBox.log without its timestamp, and not too long."""
    return line.partition(" ")[2][:200].strip()


def locked(facts: Facts) -> Finding | None:
    """A machine at rest cannot be started while a window, or a leftover process, holds its lock."""
    machine = known(facts.virtualbox.machine)
    if machine is None or machine.state not in _RESTING:
        return None
    holder = next((one for one in facts.host.processes if _runs(one, facts.cluster, machine)), None)
    if not machine.session and holder is None:
        return None
    who = f"{holder.name} ({holder.pid})" if holder else machine.session
    return fail(
        f"{facts.cluster} is {machine.state}, and locked by {who}",
        (
            f"close its window in VirtualBox; if there is none, run VBoxManage startvm {facts.cluster}"
            " --type emergencystop"
        ),
        Ending(80, "GUEST_PROVISION"),
    )


def _runs(process: Process, name: str, machine: Machine) -> bool:
    identity = machine.values.get("UUID", "")
    return any(word == name or (identity and word == identity) for word in process.words)


def without_profile(facts: Facts) -> Finding | None:
    """Minikube would create a machine of this name, and VirtualBox refuses."""
    if facts.minikube.program is None or facts.profile() is not None:
        return None
    if facts.cluster not in known(facts.virtualbox.machines):
        return None
    machine = known(facts.virtualbox.machine)
    where = f" ({machine.settings})" if machine and machine.settings else ""
    return fail(
        f"VirtualBox has a machine {facts.cluster}{where}, but minikube has no profile with that name",
        (
            f"if it holds nothing you need, delete it: VBoxManage unregistervm {facts.cluster} --delete;"
            " or use another --cluster"
        ),
        Ending(80, "GUEST_PROVISION"),
    )


def missing(facts: Facts) -> Finding | None:
    """Minikube recreates the machine, empty."""
    profile = facts.profile()
    if facts.virtualbox.program is None or profile is None or facts.cluster in known(facts.virtualbox.machines):
        return None
    if not profile.address:
        return warn(
            f"the first start of {facts.cluster} was interrupted before its machine was created",
            "the next start creates it",
        )
    return warn(
        f"the machine of {facts.cluster} no longer exists in VirtualBox, nor does the data in its"
        " claims: all minikube commands except start and delete would exit with 80 GUEST_STATUS",
        f"start it, which recreates it empty; or delete it: minikube delete{facts.arguments}",
    )


def half_made(facts: Facts) -> Finding | None:
    """The machine has never had an address: its first start was not completed."""
    profile, machine = facts.profile(), known(facts.virtualbox.machine)
    if profile is None or machine is None or profile.address:
        return None
    remedy = (
        f"delete it, as it is still empty: minikube delete{facts.arguments} (`stackferry minikube up` offers this too)"
    )
    if not machine.has_media:
        return warn(f"the creation of {facts.cluster} was interrupted, and it has no disk: it would never boot", remedy)
    return warn(f"the first start of {facts.cluster} was interrupted, and may be incomplete", remedy)


CHECKS = (
    Check(
        "machine-state",
        state,
        "The machine is in guru meditation, aborted, paused, or between two states. minikube"
        " considers a machine in an unknown state missing: `minikube start` would **delete the"
        " machine and its disk**, so `up` stops before that.",
        "Guru meditation: `VBoxManage controlvm NAME poweroff`. Paused: free some space on the"
        " host's disk, then `VBoxManage controlvm NAME resume`. Aborted: start it.",
        virtualbox=True,
    ),
    Check(
        "machine-locked",
        locked,
        "The machine is not running, but a window or a left-over process has it locked.",
        "Close the window; `VBoxManage startvm NAME --type emergencystop`.",
        virtualbox=True,
    ),
    Check(
        "machine-without-profile",
        without_profile,
        "VirtualBox has a machine with that name, but minikube has no such profile.",
        "If it holds nothing you need: `VBoxManage unregistervm NAME --delete`; or use another `--cluster`.",
        virtualbox=True,
    ),
    Check(
        "profile-without-machine",
        missing,
        "minikube has the profile, but VirtualBox has no such machine.",
        "Start it, which recreates it empty; or run `minikube delete`.",
        virtualbox=True,
    ),
    Check(
        "half-made-machine",
        half_made,
        "The first start was interrupted: the machine never got an address, and perhaps no disk.",
        "Run `minikube delete`; `minikube up` offers to do it.",
        virtualbox=True,
    ),
)
