"""Checks VirtualBox's programs and kernel modules: installed, loaded, and of one version."""

from stackferry.translator.minikube.doctor.alternatives import or_else
from stackferry.translator.minikube.doctor.checks.forced import unless_forced
from stackferry.translator.minikube.doctor.facts.facts import Facts
from stackferry.translator.minikube.doctor.facts.host import numbers
from stackferry.translator.minikube.doctor.facts.unknown import Unknown, known
from stackferry.translator.minikube.doctor.finding import Check, Ending, Finding, fail, ok, warn
from stackferry.translator.minikube.drivers import LINUX

DRIVER_DEVICE, NETWORK_DEVICE = "/dev/vboxdrv", "/dev/vboxnetctl"
_OLDEST, _TRIED = (4, 3), (5, 2)
_BUILD = "apt-get install virtualbox-dkms linux-headers-$(uname -r), then modprobe vboxdrv"
_DEBIAN, _ORACLE = f"as root: {_BUILD}", "as root: /sbin/vboxconfig"
_EITHER = f"{_ORACLE} (Oracle's package), or {_BUILD} (Debian's)"


def installed(facts: Facts) -> Finding:
    """Minikube only looks for VBoxManage."""
    if facts.virtualbox.program is None:
        return fail(
            "VBoxManage is not on the PATH",
            or_else(facts.host, "install VirtualBox"),
            Ending(65, "PROVIDER_VIRTUALBOX_NOT_FOUND"),
        )
    return ok(facts.virtualbox.program)


def version(facts: Facts) -> Finding | None:
    """Minikube accepts versions newer than 4.2, and documents 5.2 as the minimum."""
    if facts.virtualbox.program is None:
        return None
    said = known(facts.virtualbox.version)
    if not said.numbers:
        return fail(
            f"VBoxManage does not print its version, but: {said.warning or 'nothing'}",
            or_else(facts.host, "reinstall VirtualBox"),
            Ending(63, "PROVIDER_VIRTUALBOX_NOT_RUNNING"),
        )
    if said.numbers < _OLDEST:
        return fail(said.text, or_else(facts.host, "update VirtualBox: minikube refuses versions older than 4.3"))
    if said.numbers < _TRIED:
        return warn(said.text, "update VirtualBox: versions older than 5.2 are not known to work")
    return ok(said.text)


def module(facts: Facts) -> Finding | None:
    """Looks at VBoxManage's warning, and without one at the device itself."""
    if facts.virtualbox.program is None:
        return None
    warning = known(facts.virtualbox.version).warning
    if "/dev/vboxdrv does not exist" in warning:
        return _no_module(facts, "VBoxManage warns that /dev/vboxdrv does not exist", _DEBIAN, "PR_VBOX_DEVICE_MISSING")
    if "vboxdrv kernel module is not loaded" in warning:
        return _no_module(facts, "VBoxManage warns that vboxdrv is not loaded", _ORACLE, "PR_VBOX_MODULE")
    if warning and known(facts.virtualbox.version).numbers:
        # Minikube treats any text before the version as a failure.
        return fail(f"VBoxManage warns: {warning}", or_else(facts.host, _ORACLE), Ending(63))
    if facts.host.system != LINUX:
        return None
    if facts.virtualbox.is_running:
        return ok("loaded: a VirtualBox machine is running")
    if DRIVER_DEVICE in facts.host.devices:
        return ok(f"{DRIVER_DEVICE} exists")
    missing = f"{DRIVER_DEVICE} does not exist: VirtualBox cannot start machines without its kernel module"
    return unless_forced(facts, fail(missing, or_else(facts.host, _remedy(facts, _EITHER)), Ending(67)))


def _no_module(facts: Facts, said: str, remedy: str, name: str) -> Finding:
    if facts.wanted.force:
        # Minikube then parses the warning as the version, and finds that too old.
        said += " (with --force minikube says “Please upgrade”, which is wrong)"
    return fail(said, or_else(facts.host, _remedy(facts, remedy)), Ending(63, name))


def _remedy(facts: Facts, remedy: str) -> str:
    return f"{remedy} (Secure Boot is on: see secure-boot)" if facts.host.secure_boot is True else remedy


def module_version(facts: Facts) -> Finding | None:
    """After an update the old module may still be loaded."""
    if facts.virtualbox.program is None or not facts.host.module_version:
        return None
    program, loaded = known(facts.virtualbox.version).numbers[:3], numbers(facts.host.module_version)[:3]
    if not program or not loaded:
        return None
    if program != loaded:
        said = f"vboxdrv {_dotted(loaded)} is loaded, but VirtualBox is {_dotted(program)}: no machine can start"
        remedy = (
            "stop all machines, and as root: /sbin/vboxconfig, or rmmod vboxnetadp vboxnetflt vboxdrv and"
            " modprobe vboxdrv"
        )
        return unless_forced(facts, fail(said, remedy, Ending(67)))
    return ok(f"vboxdrv and VirtualBox are both {_dotted(loaded)}")


def _dotted(version: tuple[int, ...]) -> str:
    return ".".join(map(str, version))


def network_module(facts: Facts) -> Finding | None:
    """It makes host-only adapters; only the first adapter needs it."""
    host = facts.host
    if facts.virtualbox.program is None or host.system != LINUX or DRIVER_DEVICE not in host.devices:
        return None
    loaded = not isinstance(host.modules, Unknown) and "vboxnetadp" in host.modules
    if NETWORK_DEVICE not in host.devices and not loaded:
        return _no_adapter(
            facts,
            "vboxnetadp is not loaded: VirtualBox cannot create a host-only adapter",
            "as root: modprobe vboxnetadp",
        )
    if host.adapter_tool is False and host.uid != 0:
        return _no_adapter(
            facts,
            "VBoxNetAdpCtl does not run as root: VirtualBox cannot create a host-only adapter",
            "as root: run chmod u+s on the VBoxNetAdpCtl of VirtualBox, and join the group vboxusers",
        )
    return ok("vboxnetadp is loaded")


def _no_adapter(facts: Facts, said: str, remedy: str) -> Finding:
    wanted, there = facts.host_only(), facts.virtualbox.adapters
    if not isinstance(there, Unknown) and any(one.interface == wanted for one in there):
        return warn(f"{said}; the required adapter already exists", remedy)
    return unless_forced(facts, fail(said, or_else(facts.host, remedy), Ending(75, "IF_VBOX_NOT_VISIBLE")))


def secure_boot(facts: Facts) -> Finding | None:
    """A kernel that trusts only signed modules does not load a module that was built here."""
    is_on = known(facts.host.secure_boot)
    if facts.virtualbox.program is None or is_on is None:
        return None
    if is_on and DRIVER_DEVICE not in facts.host.devices:
        return warn(
            "Secure Boot is on, and vboxdrv is not loaded: the kernel refuses unsigned modules",
            "as root: mokutil --import /var/lib/dkms/mok.pub (on Ubuntu"
            " /var/lib/shim-signed/mok/MOK.der), reboot, enroll the key and rebuild the module; or"
            " turn Secure Boot off",
        )
    return ok("Secure Boot is on, and vboxdrv is signed" if is_on else "Secure Boot is off")


CHECKS = (
    Check(
        "virtualbox-installed",
        installed,
        "`VBoxManage` is not on the `PATH`.",
        "Install VirtualBox, or specify a driver that works on this machine.",
        virtualbox=True,
    ),
    Check(
        "virtualbox-version",
        version,
        "VirtualBox is older than 4.3 (refused) or 5.2 (not known to work), or does not print its version.",
        "Update it.",
        virtualbox=True,
    ),
    Check(
        "vboxdrv",
        module,
        "VirtualBox's kernel module is not loaded: VBoxManage warns about it, or `/dev/vboxdrv` does"
        " not exist. minikube’s “Please upgrade” (with `--force`) is wrong.",
        "Oracle's package: run `/sbin/vboxconfig`. Debian's: install `virtualbox-dkms` and the"
        " kernel headers, then run `modprobe vboxdrv`.",
        virtualbox=True,
    ),
    Check(
        "vboxdrv-version",
        module_version,
        "The loaded kernel module and VirtualBox have different versions, for example after an update.",
        "Stop all machines; run `/sbin/vboxconfig`, or unload and load the modules.",
        virtualbox=True,
    ),
    Check(
        "vboxnetadp",
        network_module,
        "Host-only adapters cannot be created: `vboxnetadp` is not loaded, or `VBoxNetAdpCtl` does not run as root.",
        "Run `modprobe vboxnetadp`; make `VBoxNetAdpCtl` setuid root, and join the group `vboxusers`.",
        virtualbox=True,
    ),
    Check(
        "secure-boot",
        secure_boot,
        "Secure Boot is on, and `vboxdrv` is not loaded.",
        "Sign the module and enroll its key, or turn Secure Boot off.",
        virtualbox=True,
    ),
)
