"""Checks VT-x and AMD-V, without which no 64-bit machine runs: present, and not used by another hypervisor."""

from stackferry.translator.minikube.doctor.alternatives import KVM_DEVICE, or_else
from stackferry.translator.minikube.doctor.checks.forced import unless_forced
from stackferry.translator.minikube.doctor.facts.facts import Facts
from stackferry.translator.minikube.doctor.facts.unknown import Unknown, known
from stackferry.translator.minikube.doctor.finding import Check, Ending, Finding, fail, ok, warn
from stackferry.translator.minikube.drivers import LINUX

_NAMES = {"vmx": "VT-x", "svm": "AMD-V"}
_PC = frozenset(("x86_64", "amd64", "i386", "i686"))
_KVM = ("kvm_intel", "kvm_amd")
_SHARES_KERNEL, _SHARES_VIRTUALBOX = (6, 16), (7, 2)
"""From this kernel and this VirtualBox on, VirtualBox asks KVM for VT-x, so that a loaded module does no harm."""
_BLOCKED = Ending(67, "PR_VBOX_BLOCKED")
_ADVICE = "(minikube's own advice is for macOS)"


def available(facts: Facts) -> Finding | None:
    """Looks at the processor's flags; a virtual processor has them if its hypervisor passes them on."""
    host = facts.host
    if host.machine.lower() not in _PC:
        return fail(
            f"VirtualBox cannot run minikube's machine on this processor ({host.machine})",
            or_else(host, "use another driver"),
            Ending(38, "HOST_VIRT_UNAVAILABLE"),
        )
    if host.system != LINUX:
        return None
    if facts.virtualbox.is_running:
        return ok("supported: a VirtualBox machine is running")
    flags = known(host.cpu_flags)
    found = [name for flag, name in _NAMES.items() if flag in flags]
    if found:
        return ok(f"the processor supports {found[0]}")
    if "hypervisor" in flags:
        said = "this computer is a virtual machine without access to VT-x or AMD-V"
        remedy = "turn on nested virtualization for it in its hypervisor"
    else:
        said = "the processor does not support VT-x or AMD-V, or they are turned off"
        remedy = "turn them on in the BIOS"
    if facts.wanted.no_vtx_check:
        return warn(
            f"{said} (not checked because of --no-vtx-check; minikube will find out when it starts the machine)",
            or_else(host, remedy),
        )
    return fail(said, or_else(host, remedy), Ending(38, "HOST_VIRT_UNAVAILABLE"))


def free(facts: Facts) -> Finding | None:
    """KVM and VirtualBox do not share VT-x: looks at who has /dev/kvm open, and at what the module does when loaded."""
    host = facts.host
    if host.system != LINUX or facts.virtualbox.program is None:
        return None
    if facts.virtualbox.is_running:
        return ok("VirtualBox uses it: a VirtualBox machine is running")
    holders = [one for one in host.processes if one.has_kvm]
    counts = {} if isinstance(host.modules, Unknown) else host.modules
    loaded = next((one for one in _KVM if one in counts), "")
    if holders or counts.get(loaded, 0):
        who = ", ".join(f"{one.name} ({one.pid})" for one in holders) or "a machine of another user"
        said = f"KVM is using VT-x for {who}: VirtualBox cannot use it at the same time"
        remedy = or_else(host, f"stop the KVM machines {_ADVICE}")
        return unless_forced(facts, fail(said, remedy, _BLOCKED))
    if loaded and host.kvm_at_load:
        remedy = (
            f"as root: rmmod {loaded} (until the next boot), or boot with kvm.enable_virt_at_load=0;"
            f" blacklisting the module does it too {_ADVICE}"
        )
        if host.kernel >= _SHARES_KERNEL and _virtualbox(facts) >= _SHARES_VIRTUALBOX:
            return ok(f"{loaded} is loaded, and this version of VirtualBox gets VT-x from it")
        said = f"{loaded} is loaded and has claimed VT-x, as it does on kernel 6.12 and later: VirtualBox cannot use it"
        return unless_forced(facts, fail(said, or_else(host, remedy), _BLOCKED))
    if isinstance(host.modules, Unknown) and KVM_DEVICE in host.devices:
        return warn(
            f"{KVM_DEVICE} exists, but whether KVM is using VT-x is unknown: {host.modules.why}",
            "if the machine does not start, stop the KVM machines",
        )
    return ok("KVM is not using VT-x")


def _virtualbox(facts: Facts) -> tuple[int, ...]:
    found = facts.virtualbox.version
    return () if isinstance(found, Unknown) else found.numbers


CHECKS = (
    Check(
        "vt-x",
        available,
        (
            "The processor does not support VT-x or AMD-V, it is turned off, or this is a virtual"
            " machine without access to it."
        ),
        "Turn it on in the BIOS, or turn on nested virtualization in the outer hypervisor; or use"
        " another driver. With `--no-vtx-check` this is only a warning.",
        virtualbox=True,
    ),
    Check(
        "kvm-holds-vt-x",
        free,
        "KVM is using VT-x: a KVM machine is running, or the kernel (6.12 and later) claims it when"
        " `kvm_intel` or `kvm_amd` is loaded. In this case, minikube’s advice is for macOS.",
        "Stop the KVM machines; run `rmmod kvm_intel`, or boot with `kvm.enable_virt_at_load=0`.",
        virtualbox=True,
    ),
)
