"""States of VirtualBox that a doctor meets, to put into a rig and to check the doctor's report.

register(rig)                   a machine as minikube makes it, that does not run; nothing but VBoxManage is needed
put(rig, "guru meditation")     any of MACHINE or INSTALLATION
adapters(rig, {"vboxnet0": …})  these host-only interfaces, and no others
"""

from collections.abc import Mapping
from typing import Any

from tests.minikube.rig import Rig

MACHINE: Mapping[str, Mapping[str, Any]] = {
    # what a registered machine is: the edits of its entry in the state
    "powered off": {"state": "poweroff"},
    "running": {"state": "running"},
    "paused": {"state": "paused"},
    "saved": {"state": "saved"},
    "aborted": {"state": "aborted"},
    "aborted while saved": {"state": "aborted-saved"},
    "guru meditation": {"state": "gurumeditation"},
    "stopping": {"state": "stopping"},
    "locked": {"locked": True},
}

_CONSOLE = "VBoxManage: error: Details: code NS_ERROR_FAILURE (0x80004005), component ConsoleWrap, interface IConsole"


def _cannot_start(message: str, status: str) -> dict[str, Any]:
    """startvm fails with a message of the hypervisor, and VBox.log ends as it does then."""
    return {
        "failures": {"startvm": f"VBoxManage: error: {message} ({status})\n{_CONSOLE}"},
        "log": [
            f"VMSetError: {message}; rc={status}",
            f"ERROR [COM]: aRC=NS_ERROR_FAILURE (0x80004005) aText={{{message} ({status})}}, preserve=false",
            f"Power up failed (vrc={status}, hrc=NS_ERROR_FAILURE (0X80004005))",
        ],
    }


_WITHOUT_KVM = "Please disable the KVM kernel extension, recompile your kernel and reboot"
_DRIVER = """\
WARNING: The character device /dev/vboxdrv does not exist.
\t Please install the virtualbox-dkms package and the appropriate
\t headers, most likely linux-headers-amd64.

\t You will not be able to start VMs until this problem is fixed.
"""
INSTALLATION: Mapping[str, Mapping[str, Any]] = {
    # what is wrong with VirtualBox as a whole: entries of the state
    "no VT-x": _cannot_start("VT-x is not available", "VERR_VMX_NO_VMX"),
    "no AMD-V": _cannot_start("AMD-V is not available", "VERR_SVM_NO_SVM"),
    "VT-x off in the BIOS": _cannot_start(
        "VT-x is disabled in the BIOS for all CPU modes", "VERR_VMX_MSR_ALL_VMX_DISABLED"
    ),
    "KVM has VT-x": _cannot_start(
        f"VirtualBox can't operate in VMX root mode. {_WITHOUT_KVM}", "VERR_VMX_IN_VMX_ROOT_MODE"
    ),
    "KVM has AMD-V": _cannot_start(f"VirtualBox can't enable the AMD-V extension. {_WITHOUT_KVM}", "VERR_SVM_IN_USE"),
    "no driver": {
        # Debian's: the script in front of VBoxManage prints the warning on stdout, before every command.
        "warning": _DRIVER,
        "failures": {
            "startvm": "VBoxManage: error: The virtual machine 'minikube' has terminated unexpectedly during startup "
            "with exit code 1 (0x1)\n"
            "VBoxManage: error: Details: code NS_ERROR_FAILURE (0x80004005), component MachineWrap, interface IMachine"
        },
        "log": [],
    },
    "no driver for host-only networks": {
        "failures": {
            "hostonlyif create": "0%...NS_ERROR_FAILURE\n"
            "VBoxManage: error: Failed to create the host-only adapter\n"
            "VBoxManage: error: VBoxNetAdpCtl: Error while adding new interface: failed to open /dev/vboxnetctl: "
            "No such file or directory\n"
            "VBoxManage: error: Details: code NS_ERROR_FAILURE (0x80004005), component HostNetworkInterfaceWrap, "
            "interface IHostNetworkInterface\n"
            'VBoxManage: error: Context: "RTEXITCODE handleCreate(HandlerArg*)" at line 105 of file '
            "VBoxManageHostonly.cpp"
        }
    },
    "not ready": {"failures": {"": "VBoxManage: error: The object is not ready"}},
}


def register(rig: Rig, name: str = "minikube", cpus: int = 2, memory: int = 3072) -> None:
    """Register a machine with the settings that minikube gives: powered off, with an empty disk and no network."""
    folder = rig.folder / "home" / ".minikube" / "machines" / name
    folder.mkdir(parents=True, exist_ok=True)
    for medium in ("boot2docker.iso", "disk.vmdk"):
        (folder / medium).write_bytes(b"")
    rig.run("VBoxManage", "createvm", "--basefolder", folder, "--name", name, "--register")
    rig.run("VBoxManage", "modifyvm", name, "--cpus", str(cpus), "--memory", str(memory), "--nic1", "nat")
    rig.run("VBoxManage", "storagectl", name, "--name", "SATA", "--add", "sata", "--hostiocache", "on")
    for port, (kind, medium) in enumerate((("dvddrive", "boot2docker.iso"), ("hdd", "disk.vmdk"))):
        place = ("--storagectl", "SATA", "--port", str(port), "--device", "0", "--type", kind)
        rig.run("VBoxManage", "storageattach", name, *place, "--medium", folder / medium)


def put(rig: Rig, what: str, machine: str = "minikube") -> None:
    """Put VirtualBox, or its machine of that name, into one of the states above."""
    with rig.edited() as state:
        if what in MACHINE:
            state["vms"][machine] |= MACHINE[what]
        else:
            for key, value in INSTALLATION[what].items():
                state[key] = {**state.get(key, {}), **value} if isinstance(value, dict) else value


def adapters(rig: Rig, addresses: Mapping[str, str]) -> None:
    """Leave just these host-only interfaces, by name with their address: stale ones, two of one address…"""
    with rig.edited() as state:
        state["hostonlyifs"] = {name: {"ip": ip, "netmask": "255.255.255.0"} for name, ip in addresses.items()}
