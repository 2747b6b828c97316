"""Why the machine did not start the last time: by its VBox.log, since minikube's advice about it is a guess.

The log is of the past. So this warns; whether the cause is still there, the other checks say.
"""

from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.translator.minikube.doctor.facts.facts import Facts
from stackferry.translator.minikube.doctor.facts.unknown import known
from stackferry.translator.minikube.doctor.finding import Check, Ending, Finding, ok, warn

_BLOCKED, _DEAD = Ending(67, "PR_VBOX_BLOCKED"), Ending(67)
_OFF = Ending(38, "HOST_VTX_DISABLED")


@dataclass(frozen=True, slots=True)
class Cause:
    """One that VBox.log names by a word of its own."""

    word: str
    said: str
    hint: str
    ending: Ending | None = None


CAUSES = (
    Cause("VERR_VMX_IN_VMX_ROOT_MODE", "KVM, or another hypervisor, held VT-x", "see kvm-holds-vt-x", _BLOCKED),
    Cause("VERR_SVM_IN_USE", "KVM, or another hypervisor, held AMD-V", "see kvm-holds-vt-x", _BLOCKED),
    Cause(
        "VERR_SVM_HOST_SVME_NOT_ENABLED",
        "this VirtualBox has KVM turn AMD-V on, and KVM was told not to",
        "take kvm.enable_virt_at_load=0 out of the kernel's words and of /etc/modprobe.d, and reboot",
        _BLOCKED,
    ),
    Cause("VERR_VMX_MSR_ALL_VMX_DISABLED", "VT-x is turned off in the BIOS", "turn it on there", _OFF),
    Cause("VERR_VMX_MSR_VMX_DISABLED", "VT-x is turned off in the BIOS", "turn it on there", _OFF),
    Cause("VERR_VMX_NO_VMX", "there was no VT-x", "see vt-x", Ending(38, "HOST_VTX_UNAVAILABLE")),
    Cause("VERR_SVM_DISABLED", "AMD-V is turned off in the BIOS", "turn it on there", Ending(38, "HOST_SVM_DISABLED")),
    Cause("VERR_SVM_NO_SVM", "there was no AMD-V", "see vt-x", Ending(38, "HOST_VTX_UNAVAILABLE")),
    Cause("VERR_VM_DRIVER_NOT_INSTALLED", "vboxdrv was not loaded", "see vboxdrv", _DEAD),
    Cause(
        "VERR_VM_DRIVER_NOT_ACCESSIBLE",
        "/dev/vboxdrv could not be opened",
        "install VirtualBox anew: its programs have lost their rights",
        _DEAD,
    ),
    Cause("VERR_VM_DRIVER_VERSION_MISMATCH", "vboxdrv was of another version", "see vboxdrv-version", _DEAD),
    Cause("VERR_SUPLIB_", "VirtualBox refused its own files or their owner", "install VirtualBox anew", _DEAD),
    Cause(
        "VERR_INTNET_FLT_IF_NOT_FOUND",
        "its host-only adapter was not there",
        "as root: modprobe vboxnetadp vboxnetflt, then start it again",
        Ending(75, "IF_VBOX_NOT_FOUND"),
    ),
    Cause("VERR_DISK_FULL", "a disk of this computer was full", "make room", Ending(26, "GUEST_PROVISION_NOSPACE")),
    Cause("VERR_NO_MEMORY", "there was not enough memory", "close something, or give the machine less", _DEAD),
    Cause("VERR_NO_LOW_MEMORY", "there was not enough memory", "close something, or give the machine less", _DEAD),
    Cause("VERR_NEM_VM_CREATE", "Hyper-V held VT-x", "turn Hyper-V off", Ending(61, "PR_VBOX_HYPERV_CONFLICT")),
)


def last_start(facts: Facts) -> Finding | None:
    """Nothing of a machine that runs, or that has never run."""
    machine, lines = known(facts.virtualbox.machine), known(facts.virtualbox.log)
    if machine is None or machine.state == "running" or not lines:
        return None
    text = "\n".join(lines)
    name = facts.cluster
    for cause in CAUSES:
        if cause.word in text:
            return warn(f"{name} did not start the last time: {cause.said} ({cause.word})", cause.hint, cause.ending)
    failed = next((line for line in reversed(lines) if "Power up failed" in line), None)
    if failed is not None:
        why = failed[failed.index("Power up failed") :]
        return warn(
            f"{name} did not start the last time: {why}", f"VBoxHeadless --startvm {name} shows the reason", _DEAD
        )
    return ok(f"{name} has started before without an error")


CHECKS = (
    Check(
        "last-start",
        last_start,
        "The machine died at its last start; `VBox.log` says why (“terminated unexpectedly”,"
        " `VERR_VMX_IN_VMX_ROOT_MODE`, `VERR_VMX_NO_VMX`, …).",
        "Depends on the cause. If the log does not show it, `VBoxHeadless --startvm NAME` does.",
        virtualbox=True,
    ),
)
