"""Parsing VBoxManage's output: as VirtualBox 7.2 prints it, alone and after Debian's warning."""

from ipaddress import IPv4Interface

import pytest

from stackferry.translator.minikube.doctor.facts.unknown import Unknown
from stackferry.translator.minikube.doctor.facts.virtualbox import (
    Adapter,
    Machine,
    Version,
    VirtualBox,
    adapters,
    machine,
    machines,
    servers,
    version,
)

DEBIAN = """\
WARNING: The character device /dev/vboxdrv does not exist.
\t Please install the virtualbox-dkms package and the appropriate
\t headers, most likely linux-headers-amd64.

\t You will not be able to start VMs until this problem is fixed.
"""


def test_a_version() -> None:
    assert version("7.2.22r175245\n") == Version("7.2.22r175245")
    assert version("7.2.22r175245\n").numbers == (7, 2, 22)


def test_a_version_behind_a_warning() -> None:
    found = version(f"{DEBIAN}7.2.22_Debianr175245\n")

    assert found.text == "7.2.22_Debianr175245"
    assert found.warning.startswith("WARNING: The character device /dev/vboxdrv does not exist. Please install")


def test_no_version_at_all() -> None:
    assert version("Segmentation fault\n") == Version("", "Segmentation fault")
    assert version("").numbers == ()


@pytest.mark.parametrize("before", ["", DEBIAN])
def test_machines(before: str) -> None:
    text = (
        before + '"minikube" {0f5a2d7c-1111-4222-8333-444455556666}\n"my own" {0f5a2d7c-1111-4222-8333-444455556667}\n'
    )

    assert machines(text) == ("minikube", "my own")
    assert machines(before) == ()


ADAPTERS = """\
Name:            vboxnet0
GUID:            786f6276-656e-4074-8000-0a0027000000
DHCP:            Disabled
IPAddress:       192.168.59.1
NetworkMask:     255.255.255.0
IPV6Address:
IPV6NetworkMaskPrefixLength: 0
HardwareAddress: 0a:00:27:00:00:00
MediumType:      Ethernet
Wireless:        No
Status:          Up
VBoxNetworkName: HostInterfaceNetworking-vboxnet0

Name:            vboxnet1
GUID:            786f6276-656e-4174-8000-0a0027000001
DHCP:            Disabled
IPAddress:
NetworkMask:
VBoxNetworkName: HostInterfaceNetworking-vboxnet1

"""


@pytest.mark.parametrize("before", ["", DEBIAN])
def test_host_only_adapters(before: str) -> None:
    first, second = adapters(before + ADAPTERS)

    assert first == Adapter("vboxnet0", "192.168.59.1", "255.255.255.0", "HostInterfaceNetworking-vboxnet0")
    assert first.interface == IPv4Interface("192.168.59.1/24")
    assert (second.name, second.interface) == ("vboxnet1", None)


def test_dhcp_servers() -> None:
    text = """\
NetworkName:    HostInterfaceNetworking-vboxnet0
Dhcpd IP:       192.168.59.7
LowerIPAddress: 192.168.59.100
UpperIPAddress: 192.168.59.254
NetworkMask:    255.255.255.0
Enabled:        Yes
Global Configuration:
    minLeaseTime:     default
        1/legacy: 255.255.255.0
Groups:               None
NetworkName:    HostInterfaceNetworking-vboxnet4
Enabled:        No
"""
    assert servers(DEBIAN + text) == ("HostInterfaceNetworking-vboxnet0", "HostInterfaceNetworking-vboxnet4")


MACHINE = """\
name="minikube"
CfgFile="/home/me/.minikube/machines/minikube/minikube/minikube.vbox"
LogFldr="/home/me/.minikube/machines/minikube/minikube/Logs"
memory=4096
VMState="running"
SessionName="headless"
"SATA-0-0"="/home/me/.minikube/machines/minikube/boot2docker.iso"
"SATA-1-0"="none"
"SATA-ImageUUID-1-0"="fe93fa74"
hostonlyadapter2="vboxnet0"
Forwarding(0)="ssh,tcp,127.0.0.1,37265,,22"
SharedFolderNameMachineMapping1="hosthome"
SharedFolderPathMachineMapping1="/home"
"""


def test_a_machine() -> None:
    found = machine(DEBIAN + MACHINE)

    assert (found.state, found.session) == ("running", "headless")
    assert found.settings.endswith("/minikube.vbox")
    assert found.logs.endswith("/Logs")
    assert found.has_media
    assert found.shares == {"/home"}
    assert found.adapters == {"vboxnet0"}
    assert found.values["memory"] == "4096"


def test_a_machine_that_was_never_finished() -> None:
    found = machine('VMState="poweroff"\n"SATA-0-0"="emptydrive"\n"SATA-1-0"="none"\n')

    assert not found.has_media
    assert not Machine({}).has_media
    assert (found.session, found.shares, found.adapters) == ("", frozenset(), frozenset())


def test_whether_any_machine_runs() -> None:
    assert VirtualBox(running=("minikube",)).is_running
    assert not VirtualBox(running=()).is_running
    assert not VirtualBox(running=Unknown("it hung")).is_running
