"""How minikube's drivers differ: one value per driver, so that no other code compares their names.

A driver is what a cluster's node runs on: a machine of VirtualBox, a container of docker, this computer itself.
"""

from collections.abc import Mapping
from dataclasses import field
from types import MappingProxyType

from stackferry.grammar.lazy_dataclass import dataclass

LINUX, MACOS, WINDOWS = "linux", "darwin", "windows"
"""Operating systems of a host, as in Python, in lower case."""
_EVERYWHERE = frozenset((LINUX, MACOS, WINDOWS))


@dataclass(frozen=True, slots=True)
class Share:
    """A folder of the host that a node sees, and its path there."""

    host: str
    node: str


@dataclass(frozen=True, slots=True)
class Driver:
    """One way to run a node.

    `is_virtualbox`: its machines are VirtualBox's, so that VBoxManage knows about them and its checks apply.
    `has_disc`: a machine boots minikube's ISO. `refuses_root`: minikube exits with 57 for root without `--force`.
    `shares`: folders that a node sees by default, by operating system of the host. `reachable`: operating systems of
    hosts on which the node's own address answers. `network`: the default network of nodes.
    """

    name: str
    is_virtualbox: bool = False
    has_disc: bool = False
    refuses_root: bool = True
    shares: Mapping[str, Share] = field(default_factory=lambda: MappingProxyType({}))
    reachable: frozenset[str] = _EVERYWHERE
    network: str = ""

    def share(self, system: str) -> Share | None:
        """The folder that is shared on an operating system, None if there is none."""
        return self.shares.get(system)


VIRTUALBOX = Driver(
    "virtualbox",
    is_virtualbox=True,
    has_disc=True,
    shares=MappingProxyType(
        {
            LINUX: Share("/home", "/hosthome"),
            MACOS: Share("/Users", "/Users"),
            WINDOWS: Share("C:\\Users", "/c/Users"),
        }
    ),
    network="192.168.59.0/24",
)
DOCKER = Driver("docker", reachable=frozenset((LINUX,)), network="192.168.49.0/24")
KVM2 = Driver("kvm2", has_disc=True, network="192.168.39.0/24")
# Its default, the user network, forwards single ports to the host; the node's address means nothing there.
QEMU2 = Driver("qemu2", has_disc=True, reachable=frozenset())

DRIVERS: Mapping[str, Driver] = {
    one.name: one
    for one in (
        VIRTUALBOX,
        DOCKER,
        KVM2,
        QEMU2,
        Driver("podman", reachable=frozenset((LINUX,)), network="192.168.49.0/24"),
        Driver("vmware", has_disc=True, shares=MappingProxyType({MACOS: Share("/Users", "/mnt/hgfs/Users")})),
        Driver("none", refuses_root=False, shares=MappingProxyType({LINUX: Share("/home", "/home")})),
    )
}
_ALIASES: Mapping[str, str] = {"kvm": "kvm2", "qemu": "qemu2", "native": "none"}
"""Aliases that minikube accepts for them."""


def driver(name: str) -> Driver:
    """A driver by its name. An unknown name gives a driver without any special properties."""
    known = _ALIASES.get(name, name)
    return DRIVERS.get(known) or Driver(known)
