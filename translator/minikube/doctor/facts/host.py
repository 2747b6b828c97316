"""This computer, as far as a minikube cluster depends on it. Parses texts of the kernel and of `ip`; no I/O."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import field
from ipaddress import IPv4Interface, IPv4Network
from typing import Any

from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.translator.minikube.doctor.facts.unknown import Fact, Unknown

_NOT_ASKED = Unknown("nobody looked")


@dataclass(frozen=True, slots=True)
class Interface:
    """A network interface, with its IPv4 addresses."""

    name: str
    addresses: tuple[IPv4Interface, ...] = ()
    is_up: bool = True
    is_loopback: bool = False


@dataclass(frozen=True, slots=True)
class Route:
    """The route of packets to a network."""

    network: IPv4Network
    device: str


@dataclass(frozen=True, slots=True)
class Process:
    """A relevant process: it has /dev/kvm open, or it runs a machine of VirtualBox (`machine` is in its arguments)."""

    pid: int
    name: str
    has_kvm: bool = False
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Memory:
    """In MiB; `available`: without swapping."""

    total: int
    available: int


@dataclass(frozen=True, slots=True)
class Folder:
    """Where minikube keeps machines: the nearest existing folder, its free bytes, whether we may write to it."""

    path: str
    free: int
    is_writable: bool = True


@dataclass(frozen=True, slots=True)
class Host:
    """`system` and `machine` as in Python's `platform`, `system` in lower case.

    `modules`: the use count of each loaded kernel module. `devices`: those that exist below /dev, and whether we may
    open them. `module_version`: of vboxdrv. `kvm_at_load`: whether KVM takes VT-x as soon as it is loaded.
    `secure_boot`: None for a computer without EFI. `network_rules`: the text of /etc/vbox/networks.conf, None if there
    is none. `adapter_tool`: whether VBoxNetAdpCtl runs as root, None if it was not found. `engine`: docker answers.
    `downloads`: empty, or why the Internet cannot be reached; None if nothing has to be downloaded.
    """

    system: str = "linux"
    machine: str = "x86_64"
    kernel: tuple[int, ...] = ()
    cpu_flags: Fact[frozenset[str]] = _NOT_ASKED
    cpus: int = 0
    modules: Fact[Mapping[str, int]] = _NOT_ASKED
    devices: Mapping[str, bool] = field(default_factory=dict)
    module_version: str = ""
    kvm_at_load: bool | None = None
    secure_boot: Fact[bool | None] = None
    network_rules: Fact[str | None] = None
    adapter_tool: bool | None = None
    interfaces: Fact[tuple[Interface, ...]] = _NOT_ASKED
    routes: Fact[tuple[Route, ...]] = _NOT_ASKED
    processes: tuple[Process, ...] = ()
    memory: Fact[Memory] = _NOT_ASKED
    folder: Fact[Folder] = _NOT_ASKED
    proxies: Mapping[str, str] = field(default_factory=dict)
    uid: int | None = None
    programs: frozenset[str] = frozenset()
    engine: Fact[bool] = False
    folders: frozenset[str] = frozenset()
    downloads: Fact[str | None] = None


def interfaces(text: str) -> tuple[Interface, ...]:
    """The interfaces in `ip -j addr`. Raises ValueError."""
    return tuple(
        Interface(
            str(one.get("ifname", "")),
            tuple(
                IPv4Interface(f"{each['local']}/{each['prefixlen']}")
                for each in one.get("addr_info") or ()
                if each.get("family") == "inet"
            ),
            "UP" in one.get("flags", ()),
            "LOOPBACK" in one.get("flags", ()),
        )
        for one in _rows(text)
    )


def routes(text: str) -> tuple[Route, ...]:
    """The routes in `ip -j route`, without the default route. Raises ValueError."""
    return tuple(
        Route(IPv4Network(one["dst"]), str(one.get("dev", "")))
        for one in _rows(text)
        if one.get("dst", "default") != "default"
    )


def _rows(text: str) -> Iterator[Mapping[str, Any]]:
    found = json.loads(text or "[]")
    return (one for one in found if isinstance(one, dict)) if isinstance(found, list) else iter(())


def modules(text: str) -> Mapping[str, int]:
    """/proc/modules: `NAME SIZE USED BY STATE ADDRESS`, to the use count of each module."""
    found = {}
    for line in text.splitlines():
        name, _, rest = line.partition(" ")
        used = rest.split()[1:2]
        if used and used[0].isdigit():
            found[name] = int(used[0])
    return found


def cpu_flags(text: str) -> frozenset[str]:
    """/proc/cpuinfo: the flags of the first processor; empty if they are in another form, as for ARM."""
    for line in text.splitlines():
        key, _, rest = line.partition(":")
        if key.strip() == "flags":
            return frozenset(rest.split())
    return frozenset()


def memory(text: str) -> Memory:
    """/proc/meminfo. Raises ValueError for other text."""
    found = {}
    for line in text.splitlines():
        key, _, rest = line.partition(":")
        if rest.split():
            found[key] = int(rest.split()[0]) // 1024
    if "MemTotal" not in found:
        raise ValueError("/proc/meminfo has no MemTotal")
    return Memory(found["MemTotal"], found.get("MemAvailable", found["MemTotal"]))


def numbers(text: str) -> tuple[int, ...]:
    """The leading numbers of a version: `6.12.3-amd64` to (6, 12, 3)."""
    found = []
    for part in text.split("."):
        digits = part[: len(part) - len(part.lstrip("0123456789"))]
        if not digits:
            break
        found.append(int(digits))
        if digits != part:
            break
    return tuple(found)
