"""The command lines that both sides get: minikube's recorded ones, a doctor's, and wrong ones.

{folder} stands for a folder that both see. `vboxnet0` exists, with 192.168.56.1.
"""

import itertools
from pathlib import Path

from tests.minikube import session

LISTS = ("vms", "runningvms", "hostonlyifs", "dhcpservers", "natnets", "hdds", "hostinfo", "systemproperties")

SERVER = "--ip 192.168.56.3 --netmask 255.255.255.0 --lowerip 192.168.56.100 --upperip 192.168.56.254 --enable"
BEFORE = (
    "--version",
    "-v",
    "showvminfo minikube --machinereadable",
    "unregistervm --delete minikube",
    "startvm minikube --type headless",
    "controlvm minikube poweroff",
    "modifyvm minikube --memory 2048",
    "guestproperty get minikube /a",
    *(f"list {what}" for what in LISTS),
    "hostonlyif ipconfig vboxnet0 --ip 10.0.0.1 --netmask 255.255.255.0",
    "hostonlyif ipconfig vboxnet9 --ip 192.168.56.1 --netmask 255.255.255.0",
    "hostonlyif remove vboxnet9",
    f"dhcpserver modify --netname nosuch {SERVER}",
    "dhcpserver remove --netname nosuch",
)
AFTER = (
    # The machine is there now.
    *(f"list {what}" for what in LISTS),
    "showvminfo minikube --machinereadable",
    "createvm --basefolder {folder}/home/.minikube/machines/minikube --name minikube --register",
    "sharedfolder add minikube --name hosthome --hostpath /home --automount",
    "modifyvm minikube --natpf1 ssh,tcp,127.0.0.1,2222,,22",
    "modifyvm minikube --natpf1 delete nosuch",
    "modifyvm minikube --memory 4096 --cpus 3",
    "showvminfo minikube --machinereadable",
    "getextradata minikube VBoxInternal2/SharedFoldersEnableSymlinksCreate/hosthome",
    "getextradata minikube nosuch",
    "guestproperty get minikube /VirtualBox/GuestAdd/SharedFolders/MountDir",
    "guestproperty get minikube /nosuch",
    *(f"controlvm minikube {action}" for action in ("acpipowerbutton", "poweroff", "pause", "resume", "savestate")),
    "discardstate minikube",
    f"dhcpserver add --netname HostInterfaceNetworking-vboxnet0 {SERVER}",
    "unregistervm --delete minikube",
    "list vms",
    "list hdds",
    "dhcpserver remove --netname HostInterfaceNetworking-vboxnet0",
    "dhcpserver remove --netname HostInterfaceNetworking-vboxnet0",
)
WARNED = ("--version", "list vms", "showvminfo nosuch --machinereadable")
"""Asked of the script that Debian puts in front."""

IMPOSSIBLE = ("hostonlyif create", "controlvm", "unregistervm")
"""Of the recorded ones: what needs modules of the kernel, or comes from a machine that runs."""


def all_of_them() -> list[str]:
    """All command lines, in their order."""
    return [*BEFORE, *recorded(), *AFTER]


def recorded() -> list[str]:
    """What minikube calls for a start, a stop and a deletion; of equal ones that follow each other, the first."""
    with session.private("ssh") as rig:
        rig.start()
        rig.minikube("stop")
        rig.minikube("delete")
        calls = [line.replace(str(rig.folder), "{folder}") for line in rig.calls()]
        calls = [line.replace(rig.cidr.rpartition(".")[0], "192.168.56") for line in calls]
    return [line for line, _ in itertools.groupby(calls) if not line.startswith(IMPOSSIBLE)]


def make_files(folder: Path) -> None:
    """Make the files that the command lines name, as minikube does before it calls."""
    machine = folder / "home" / ".minikube" / "machines" / "minikube"
    machine.mkdir(parents=True)
    (machine / "boot2docker.iso").write_bytes(bytes(1 << 20))
