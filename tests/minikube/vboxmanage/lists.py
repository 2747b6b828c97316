"""`list …`: what a doctor and minikube query about VirtualBox as a whole."""

import os
import platform
import pwd
import time
from collections.abc import Callable, Iterator

from tests.minikube.vboxmanage.errors import VBoxError
from tests.minikube.vboxmanage.networks import PREFIX
from tests.minikube.vboxmanage.registry import State


def listed(words: list[str], state: State) -> str:
    """The output of `list WHAT`."""
    what = words[1] if len(words) > 1 else ""
    if what not in LISTS:
        raise VBoxError(f'VBoxManage: error: Unknown subcommand "{what}".', code=2)
    return "".join(f"{line}\n" for line in LISTS[what](state))


def _interfaces(state: State) -> Iterator[str]:
    for name, interface in state["hostonlyifs"].items():
        number = int(name.removeprefix("vboxnet"))
        yield from (
            f"Name:            {name}",
            f"GUID:            786f6276-656e-4{number:03x}-8000-0a0027000000",
            "DHCP:            Disabled",
            f"IPAddress:       {interface['ip']}",
            f"NetworkMask:     {interface['netmask']}",
            "IPV6Address:     ",
            "IPV6NetworkMaskPrefixLength: 0",
            f"HardwareAddress: 0a:00:27:00:00:{number:02x}",
            "MediumType:      Ethernet",
            "Wireless:        No",
            f"Status:          {'Up' if os.path.exists(f'/sys/class/net/{name}') else 'Down'}",
            f"VBoxNetworkName: {PREFIX}{name}",
            "",
        )


def _servers(state: State) -> Iterator[str]:
    for number, (name, server) in enumerate(state["dhcpservers"].items()):
        if number:
            yield ""
        yield from (
            f"NetworkName:    {name}",
            f"Dhcpd IP:       {server['ip']}",
            f"LowerIPAddress: {server['lower']}",
            f"UpperIPAddress: {server['upper']}",
            f"NetworkMask:    {server['netmask']}",
            "Enabled:        Yes",
            "Global Configuration:",
            "    minLeaseTime:     default",
            "    defaultLeaseTime: default",
            "    maxLeaseTime:     default",
            "    Forced options:   None",
            "    Suppressed opts.: None",
            f"        1/legacy: {server['netmask']}",
            "Groups:               None",
            "Individual Configs:   None",
        )


def _machines(state: State) -> Iterator[str]:
    for name, machine in state["vms"].items():
        yield f'"{name}" {{{machine["uuid"]}}}'


def _running(state: State) -> Iterator[str]:
    for name, machine in state["vms"].items():
        # A paused machine, or one that hangs, still has its process: VirtualBox lists it too.
        if machine["state"] in ("running", "paused", "gurumeditation"):
            yield f'"{name}" {{{machine["uuid"]}}}'


def _disks(state: State) -> Iterator[str]:
    for machine in state["vms"].values():
        for medium in machine["media"].values():
            if medium["type"] == "hdd":
                size = os.path.getsize(medium["path"]) >> 20 if os.path.exists(medium["path"]) else 0
                yield from (
                    f"UUID:           {medium['uuid']}",
                    "Parent UUID:    base",
                    f"State:          {'created' if size else 'inaccessible'}",
                    "Type:           normal (base)",
                    f"Location:       {medium['path']}",
                    "Storage format: VMDK",
                    f"Capacity:       {size} MBytes",
                    "Encryption:     disabled",
                    "",
                )


def _host(_: State) -> Iterator[str]:
    cores = os.cpu_count() or 1
    page = os.sysconf("SC_PAGE_SIZE")
    yield from (
        "Host Information:",
        "",
        f"Host time: {time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime())}.000000000Z",
        f"Processor online count: {cores}",
        f"Processor count: {cores}",
        f"Processor online core count: {cores}",
        f"Processor core count: {cores}",
        "Processor supports HW virtualization: yes",
        "Processor supports PAE: yes",
        "Processor supports long mode: yes",
        "Processor supports nested paging: yes",
        "Processor supports unrestricted guest: yes",
        "Processor supports nested HW virtualization: yes",
        "Processor supports virt. vmsave/vmload: no",
        *(f"Processor#{core} {said}" for core in range(cores) for said in ("speed: 2600 MHz", "description: rig")),
        f"Memory size: {os.sysconf('SC_PHYS_PAGES') * page >> 20} MByte",
        f"Memory available: {os.sysconf('SC_AVPHYS_PAGES') * page >> 20} MByte",
        "Operating system: Linux",
        f"Operating system version: {platform.release()}",
    )


def _properties(_: State) -> Iterator[str]:
    """The properties of the installation; those of the platforms, which follow, are left out."""
    yield from (
        "API version:                     7_2",
        "Minimum guest RAM size:          4 Megabytes",
        "Maximum guest RAM size:          2097152 Megabytes",
        "Minimum video RAM size:          0 Megabytes",
        "Maximum video RAM size:          256 Megabytes",
        "Maximum guest monitor count:     64",
        "Minimum guest CPU count:         1",
        "Maximum guest CPU count:         64",
        "Virtual disk limit (info):       2199022206976 Bytes",
        f"Default machine folder:          {pwd.getpwuid(os.getuid()).pw_dir}/VirtualBox VMs",
        "Raw-mode Supported:              no",
        "Exclusive HW virtualization use: on",
        "Default hard disk format:        VDI",
        "VRDE auth library:               VBoxAuth",
        "Webservice auth. library:        VBoxAuth",
        "Remote desktop ExtPack:          VNC",
        "VM encryption ExtPack:           ",
        "Log history count:               3",
        "Default frontend:                ",
        "Default audio driver:            ALSA",
        "Autostart database path:         ",
        "Default Guest Additions ISO:     ",
        "Logging Level:                   all",
        "Proxy Mode:                      System",
        "Proxy URL:                       ",
        "User language:                   C",
    )


LISTS: dict[str, Callable[[State], Iterator[str]]] = {
    "hostonlyifs": _interfaces,
    "dhcpservers": _servers,
    "vms": _machines,
    "runningvms": _running,
    "hdds": _disks,
    "hostinfo": _host,
    "systemproperties": _properties,
    "natnets": lambda _: iter(()),
}
