"""`showvminfo NAME --machinereadable`: all of a machine, line by line, in VirtualBox 7.2's order."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from tests.minikube.vboxmanage.errors import VBoxError
from tests.minikube.vboxmanage.machines import found, hardware_address
from tests.minikube.vboxmanage.registry import State

PORTS = 30
"""Of a SATA controller; each has its line, most of them "none"."""

MACHINE = """\
name="{name}"
encryption="disabled"
groups="/"
platformArchitecture="x86"
ostype="Linux 2.6 / 3.x / 4.x / 5.x (64-bit)"
UUID="{uuid}"
CfgFile="{folder}/{name}/{name}.vbox"
SnapFldr="{folder}/{name}/Snapshots"
LogFldr="{folder}/{name}/Logs"
hardwareuuid="{uuid}"
memory={memory}
pagefusion="off"
vram=8
cpuexecutioncap=100
cpu-profile="host"
chipset="piix3"
firmware="BIOS"
cpus={cpus}
hpet="{hpet}"
pae="{pae}"
longmode="on"
triplefaultreset="off"
apic="on"
x2apic="off"
nested-hw-virt="off"
hwvirtex="{hwvirtex}"
nestedpaging="{nestedpaging}"
largepages="{largepages}"
vtxvpid="{vtxvpid}"
vtxux="on"
virtvmsavevmload="on"
cpuid-portability-level=0
bootmenu="{biosbootmenu}"
boot1="{boot1}"
boot2="dvd"
boot3="disk"
boot4="none"
acpi="{acpi}"
ioapic="{ioapic}"
biosapic="apic"
biossystemtimeoffset=0
NvramFile="{folder}/{name}/{name}.nvram"
rtcuseutc="{rtcuseutc}"
iommu="none"
paravirtprovider="default"
effparavirtprovider="kvm"
VMState="{state}"
VMStateChangeTime="{changed}"
graphicscontroller="vboxvga"
monitorcount=1
accelerate3d="{accelerate3d}"
teleporterenabled="off"
teleporterport=0
teleporteraddress=""
teleporterpassword=""
tracing-enabled="off"
tracing-allow-vm-access="off"
tracing-config=""
autostart-enabled="off"
autostart-delay=0
defaultfrontend=""
vmprocpriority="default"
"""
CONTROLLER = """\
storagecontrollername{number}="{name}"
storagecontrollertype{number}="IntelAhci"
storagecontrollerinstance{number}="0"
storagecontrollermaxportcount{number}="{ports}"
storagecontrollerportcount{number}="{ports}"
storagecontrollerbootable{number}="on"
"""
CARD = """\
macaddress{number}="{mac}"
cableconnected{number}="on"
nic{number}="{kind}"
nictype{number}="{type}"
nicspeed{number}="0"
"""
NAT = """\
mtu="0"
sockSnd="64"
sockRcv="64"
tcpWndSnd="64"
tcpWndRcv="64"
localhostReachable="{reachable}"
forwardBroadcast="0"
enableTFTP="0"
"""
DEVICES = """\
hidpointing="ps2mouse"
hidkeyboard="ps2kbd"
uart1="off"
uart2="off"
uart3="off"
uart4="off"
lpt1="off"
lpt2="off"
audio="default"
audio_out="off"
audio_in="off"
clipboard="disabled"
clipboard_file_transfers="off"
draganddrop="disabled"
vrde="off"
usb="off"
ehci="off"
xhci="off"
"""
RECORDING = """\
recording_started="off"
recording_enabled="off"
recording_screens=1
 rec_screen0
rec_screen_enabled="on"
rec_screen_id=0
rec_screen_video_enabled="on"
rec_screen_audio_enabled="off"
rec_screen_dest="File"
rec_screen_dest_filename="{folder}/{name}/{name}-screen0.webm"
rec_screen_opts="ac_profile=med"
rec_screen_video_res_xy="1024x768"
rec_screen_video_rate_kbps=512
rec_screen_video_fps=25
GuestMemoryBalloon=0
"""
DEFAULTS = {
    # what createvm gives and modifyvm changes
    "memory": "128",
    "cpus": "1",
    "pae": "on",
    "hwvirtex": "on",
    "nestedpaging": "on",
    "largepages": "on",
    "vtxvpid": "on",
    "biosbootmenu": "messageandmenu",
    "boot1": "floppy",
    "acpi": "on",
    "nic1": "nat",
    "natlocalhostreachable1": "off",
}


def showvminfo(words: list[str], state: State) -> str:
    """The output for the machine that `words` name."""
    name = next((word for word in words[1:] if not word.startswith("--")), "")
    machine = found(state, name)
    if "--machinereadable" not in words:
        raise VBoxError("VBoxManage: error: the rig's VBoxManage has only showvminfo --machinereadable")
    said = defaultdict(lambda: "off", DEFAULTS | machine["settings"])
    said["name"] = name
    said |= {key: machine[key] for key in ("uuid", "folder", "state", "changed")}
    return "".join(
        [
            MACHINE.format_map(said),
            *_storage(machine),
            *_cards(said, machine),
            DEVICES,
            *_shares(machine),
            RECORDING.format_map(said),
        ]
    )


def _storage(machine: dict[str, Any]) -> Iterator[str]:
    for number, name in enumerate(machine["controllers"]):
        yield CONTROLLER.format(number=number, name=name, ports=PORTS)
    for name in machine["controllers"]:
        for port in range(PORTS):
            yield from _port(name, f"{port}-0", machine["media"].get(str(port)))


def _port(controller: str, place: str, medium: dict[str, str] | None) -> Iterator[str]:
    if medium is None:
        yield f'"{controller}-{place}"="none"\n'
        return
    yield f'"{controller}-{place}"="{medium["path"]}"\n"{controller}-ImageUUID-{place}"="{medium["uuid"]}"\n'
    for word in ("tempeject", "IsEjected") if medium["type"] == "dvddrive" else ():
        yield f'"{controller}-{word}-{place}"="off"\n'
    for word in ("hot-pluggable", "nonrotational", "discard"):
        yield f'"{controller}-{word}-{place}"="off"\n'


def _cards(said: defaultdict[str, str], machine: dict[str, Any]) -> Iterator[str]:
    for number in range(1, 9):
        kind = said[f"nic{number}"]
        if kind not in ("nat", "hostonly"):
            yield f'nic{number}="none"\n'
            continue
        yield f'natnet{number}="nat"\n' if kind == "nat" else f'hostonlyadapter{number}="{said["hostonlyadapter2"]}"\n'
        mac = hardware_address(machine, number)
        yield CARD.format(number=number, mac=mac, kind=kind, type=said[f"nictype{number}"])
        if kind == "nat":
            yield NAT.format(reachable=int(said[f"natlocalhostreachable{number}"] == "on"))
            for index, (rule, held) in enumerate(machine["rules"].items()):
                yield f'Forwarding({index})="{",".join([rule, *held])}"\n'


def _shares(machine: dict[str, Any]) -> Iterator[str]:
    for index, (share, path) in enumerate(machine["shares"].items(), 1):
        yield f'SharedFolderNameMachineMapping{index}="{share}"\nSharedFolderPathMachineMapping{index}="{path}"\n'
