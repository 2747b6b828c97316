"""Why the machine did not start the last time: from its VBox.log, since minikube's advice about it is a guess.

The log is about the past, so this only warns; other checks say whether the cause still exists.
"""

from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.translator.minikube.doctor.facts.facts import Facts
from stackferry.translator.minikube.doctor.facts.unknown import known
from stackferry.translator.minikube.doctor.finding import Check, Ending, Finding, ok, warn

_BLOCKED, _DEAD = Ending(67, "PR_VBOX_BLOCKED"), Ending(67)
_OFF = Ending(38, "HOST_VTX_DISABLED")


@dataclass(frozen=True, slots=True)
class Cause:
    """A cause with its own error code in VBox.log."""

    word: str
    said: str
    hint: str
    ending: Ending | None = None


CAUSES = (
    Cause("VERR_VMX_IN_VMX_ROOT_MODE", "KVM, or another hypervisor, was using VT-x", "see kvm-holds-vt-x", _BLOCKED),
    Cause("VERR_SVM_IN_USE", "KVM, or another hypervisor, was using AMD-V", "see kvm-holds-vt-x", _BLOCKED),
    Cause(
        "VERR_SVM_HOST_SVME_NOT_ENABLED",
        "this version of VirtualBox relies on KVM to turn AMD-V on, and KVM was configured not to",
        "remove kvm.enable_virt_at_load=0 from the kernel command line and /etc/modprobe.d, and reboot",
        _BLOCKED,
    ),
    Cause("VERR_VMX_MSR_ALL_VMX_DISABLED", "VT-x is turned off in the BIOS", "turn it on there", _OFF),
    Cause("VERR_VMX_MSR_VMX_DISABLED", "VT-x is turned off in the BIOS", "turn it on there", _OFF),
    Cause("VERR_VMX_NO_VMX", "VT-x was not available", "see vt-x", Ending(38, "HOST_VTX_UNAVAILABLE")),
    Cause("VERR_SVM_DISABLED", "AMD-V is turned off in the BIOS", "turn it on there", Ending(38, "HOST_SVM_DISABLED")),
    Cause("VERR_SVM_NO_SVM", "AMD-V was not available", "see vt-x", Ending(38, "HOST_VTX_UNAVAILABLE")),
    Cause("VERR_VM_DRIVER_NOT_INSTALLED", "vboxdrv was not loaded", "see vboxdrv", _DEAD),
    Cause(
        "VERR_VM_DRIVER_NOT_ACCESSIBLE",
        "/dev/vboxdrv could not be opened",
        "reinstall VirtualBox: its programs have lost their permissions",
        _DEAD,
    ),
    Cause("VERR_VM_DRIVER_VERSION_MISMATCH", "vboxdrv had another version", "see vboxdrv-version", _DEAD),
    Cause("VERR_SUPLIB_", "VirtualBox rejected its own files or their owner", "reinstall VirtualBox", _DEAD),
    Cause(
        "VERR_INTNET_FLT_IF_NOT_FOUND",
        "its host-only adapter did not exist",
        "as root: modprobe vboxnetadp vboxnetflt, then start it again",
        Ending(75, "IF_VBOX_NOT_FOUND"),
    ),
    Cause(
        "VERR_DISK_FULL",
        "a disk of this computer was full",
        "free some disk space",
        Ending(26, "GUEST_PROVISION_NOSPACE"),
    ),
    Cause(
        "VERR_NO_MEMORY", "there was not enough memory", "close other programs, or give the machine less memory", _DEAD
    ),
    Cause(
        "VERR_NO_LOW_MEMORY",
        "there was not enough memory",
        "close other programs, or give the machine less memory",
        _DEAD,
    ),
    Cause("VERR_NEM_VM_CREATE", "Hyper-V was using VT-x", "turn Hyper-V off", Ending(61, "PR_VBOX_HYPERV_CONFLICT")),
)


def last_start(facts: Facts) -> Finding | None:
    """No finding for a machine that runs, or that has never run."""
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
            f"{name} did not start the last time: {why}", f"find the reason with VBoxHeadless --startvm {name}", _DEAD
        )
    return ok(f"the last start of {name} succeeded")


CHECKS = (
    Check(
        "last-start",
        last_start,
        "The machine failed at its last start, and its `VBox.log` contains the reason (“terminated"
        " unexpectedly”, `VERR_VMX_IN_VMX_ROOT_MODE`, `VERR_VMX_NO_VMX`, …).",
        "Depends on the cause; if the log does not show it, run `VBoxHeadless --startvm NAME`.",
        virtualbox=True,
    ),
)
