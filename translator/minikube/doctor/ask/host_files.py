"""Reads facts about a computer from the kernel and a few files. A file that cannot be read gives an Unknown."""

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from stackferry.translator.minikube.doctor.alternatives import KVM_DEVICE
from stackferry.translator.minikube.doctor.ask.computer import Computer
from stackferry.translator.minikube.doctor.ask.gather import T
from stackferry.translator.minikube.doctor.facts.host import Folder, Process
from stackferry.translator.minikube.doctor.facts.unknown import Fact, Unknown

_DEVICES = ("/dev/vboxdrv", "/dev/vboxnetctl", KVM_DEVICE)
_MACHINES = frozenset(("VBoxHeadless", "VirtualBoxVM", "VirtualBox"))
"""Programs that hold a lock on a machine of VirtualBox."""
_ADAPTER_TOOLS = ("/usr/lib/virtualbox/VBoxNetAdpCtl", "/opt/VirtualBox/VBoxNetAdpCtl")
_SET_UID = 0o4000


def parsed(computer: Computer, name: str, parse: Callable[[str], T]) -> Fact[T]:
    """A file's text as a value, or why there is none."""
    try:
        return parse(computer.path(name).read_text("utf-8", "replace"))
    except OSError as error:
        return Unknown(f"{name}: {error.strerror}")
    except ValueError as error:
        return Unknown(f"{name}: {error}")


def line(computer: Computer, name: str) -> str:
    """The single line of a kernel file; empty if there is no such file."""
    found = parsed(computer, name, str.strip)
    return "" if isinstance(found, Unknown) else found


def at_load(computer: Computer) -> bool | None:
    """Whether KVM takes VT-x when it is loaded; None for a kernel without that choice."""
    said = line(computer, "/sys/module/kvm/parameters/enable_virt_at_load")
    return said in ("Y", "1") if said else None


def devices(computer: Computer) -> Mapping[str, bool]:
    """The relevant devices that exist, each with whether we may open it."""
    return {name: os.access(computer.path(name), os.R_OK | os.W_OK) for name in _DEVICES if computer.has(name)}


def secure_boot(computer: Computer) -> Fact[bool | None]:
    """The firmware's variable: four bytes of attributes, then its value. None without EFI."""
    folder = computer.path("/sys/firmware/efi/efivars")
    if not computer.has("/sys/firmware/efi"):
        return None
    found = next(iter(folder.glob("SecureBoot-*")), None)
    if found is None:
        return Unknown("the firmware does not report whether Secure Boot is on")
    try:
        return found.read_bytes()[4:5] == b"\x01"
    except OSError as error:
        return Unknown(f"{found.name}: {error.strerror}")


def network_rules(computer: Computer) -> Fact[str | None]:
    """VirtualBox's rules for host-only networks, None if there are none."""
    name = "/etc/vbox/networks.conf"
    return parsed(computer, name, str) if computer.has(name) else None


def adapter_tool(computer: Computer) -> bool | None:
    """Whether the program that makes adapters runs as root; None if it is not found."""
    found = next((computer.path(name) for name in _ADAPTER_TOOLS if computer.has(name)), None)
    return bool(found.stat().st_mode & _SET_UID) if found else None


def folder(path: Path) -> Folder:
    """The nearest existing parent folder, and what can be done in it. Raises OSError."""
    there = next(one for one in (path, *path.parents) if os.path.isdir(one))
    return Folder(str(there), shutil.disk_usage(there).free, os.access(there, os.W_OK))


def processes(computer: Computer) -> tuple[Process, ...]:
    """The processes that have /dev/kvm open or hold a machine of VirtualBox, as far as we may see them."""
    return tuple(_processes(computer))


def _processes(computer: Computer) -> Iterator[Process]:
    kvm = str(computer.path(KVM_DEVICE))
    looks_for_kvm = computer.has(KVM_DEVICE)
    try:
        found = [one for one in computer.path("/proc").iterdir() if one.name.isdecimal()]
    except OSError:
        return
    for candidate in found:
        name = _text(candidate / "comm").strip()
        has_kvm = looks_for_kvm and _has_open(candidate, kvm)
        if has_kvm or name in _MACHINES:
            words = _text(candidate / "cmdline").rstrip("\0").split("\0")
            yield Process(int(candidate.name), name, has_kvm, tuple(words))


def _has_open(process: Path, name: str) -> bool:
    try:
        return any(os.readlink(each) == name for each in (process / "fd").iterdir())
    except OSError:
        # The process has ended meanwhile, or belongs to somebody else.
        return False


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8", "replace")
    except OSError:
        return ""
