"""VirtualBox as VBoxManage tells of it. Its texts to values; no I/O.

Debian's VBoxManage writes its warning of a missing kernel module before what every command says, on standard output:
what is not of the expected form is passed over.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import field
from ipaddress import IPv4Interface

from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.grammar.regex import regex
from stackferry.translator.minikube.doctor.facts.host import numbers
from stackferry.translator.minikube.doctor.facts.unknown import Fact

_VERSION = regex(r"^(\d+\.\d+\S*)\s*$", re.MULTILINE)
_MACHINE = regex(r'^"(.*)" \{[-0-9a-f]+\}\s*$', re.MULTILINE)
_VALUE = regex(r'^"?([^"=]+)"?="?(.*?)"?\s*$')
_LINE = regex(r"^(\S[^:]*):\s*(.*?)\s*$")
NOT_REGISTERED = "Could not find a registered machine"
_EMPTY = frozenset(("", "none", "emptydrive"))


@dataclass(frozen=True, slots=True)
class Version:
    """What `--version` says: `7.2.22r175245`, or `7.2.22_Debianr175245` with a warning before it."""

    text: str
    warning: str = ""

    @property
    def numbers(self) -> tuple[int, ...]:
        """(7, 2, 22); empty where no version was said."""
        return numbers(self.text)


@dataclass(frozen=True, slots=True)
class Adapter:
    """A host-only network interface: `vboxnet0`, its address, the name of its network."""

    name: str
    address: str = ""
    mask: str = ""
    network: str = ""

    @property
    def interface(self) -> IPv4Interface | None:
        """Its address with its network, None if it has none."""
        try:
            return IPv4Interface(f"{self.address}/{self.mask}")
        except ValueError:
            return None


@dataclass(frozen=True, slots=True)
class Machine:
    """A machine, by what `showvminfo --machinereadable` says."""

    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def state(self) -> str:
        """`running`, `poweroff`, `gurumeditation` and so on."""
        return self.values.get("VMState", "")

    @property
    def session(self) -> str:
        """What has the machine in hand: `headless`, `GUI/Qt`; empty if nothing has."""
        return self.values.get("SessionName", "")

    @property
    def settings(self) -> str:
        """The file that describes it."""
        return self.values.get("CfgFile", "")

    @property
    def logs(self) -> str:
        """The folder of VBox.log."""
        return self.values.get("LogFldr", "")

    @property
    def has_media(self) -> bool:
        """Whether a disc or a disk is in it: minikube puts them in last but one."""
        return any(
            value not in _EMPTY and not value.startswith("/dev/")
            for key, value in self.values.items()
            if re.fullmatch(r"SATA-[01]-0", key)
        )

    @property
    def shares(self) -> frozenset[str]:
        """The folders of the host that it has."""
        return frozenset(
            value for key, value in self.values.items() if key.startswith("SharedFolderPathMachineMapping")
        )

    @property
    def adapters(self) -> frozenset[str]:
        """The host-only adapters that it uses."""
        return frozenset(value for key, value in self.values.items() if re.fullmatch(r"hostonlyadapter\d+", key))


@dataclass(frozen=True, slots=True)
class VirtualBox:
    """`program` is the path of VBoxManage, None without VirtualBox. `machine`: the cluster's, None if there is none.

    `used`: the adapters that any machine has. `servers`: the networks that have a DHCP server.
    `log`: the last lines of the machine's VBox.log, none if it has never run.
    """

    program: str | None = None
    version: Fact[Version] = Version("")
    machines: Fact[tuple[str, ...]] = ()
    running: Fact[tuple[str, ...]] = ()
    adapters: Fact[tuple[Adapter, ...]] = ()
    servers: Fact[tuple[str, ...]] = ()
    machine: Fact[Machine | None] = None
    used: Fact[frozenset[str]] = frozenset()
    log: Fact[tuple[str, ...]] = ()

    @property
    def is_running(self) -> bool:
        """Whether any machine runs, which nothing proves better: it has its kernel module, and VT-x."""
        return isinstance(self.running, tuple) and bool(self.running)


def version(text: str) -> Version:
    """The last line that looks like a version, and what is said before it."""
    found = list(_VERSION.finditer(text))
    if not found:
        return Version("", " ".join(text.split()))
    return Version(found[-1][1], " ".join(text[: found[-1].start()].split()))


def machines(text: str) -> tuple[str, ...]:
    """The names of `list vms`."""
    return tuple(_MACHINE.findall(text))


def adapters(text: str) -> tuple[Adapter, ...]:
    """Those of `list hostonlyifs`."""
    return tuple(
        Adapter(
            one["Name"],
            one.get("IPAddress", ""),
            one.get("NetworkMask", ""),
            one.get("VBoxNetworkName", ""),
        )
        for one in _blocks(text, "Name")
    )


def servers(text: str) -> tuple[str, ...]:
    """The networks of `list dhcpservers`: `HostInterfaceNetworking-vboxnet0`."""
    return tuple(one["NetworkName"] for one in _blocks(text, "NetworkName"))


def machine(text: str) -> Machine:
    """What `showvminfo --machinereadable` says: `KEY=value`, `KEY="value"`, `"KEY"="value"`."""
    return Machine({found[1]: found[2] for line in text.splitlines() if (found := _VALUE.match(line))})


def _blocks(text: str, first: str) -> Iterator[dict[str, str]]:
    """Records of lines `Key:   value`, each of which begins with a certain key."""
    block: dict[str, str] = {}
    for line in text.splitlines():
        found = _LINE.match(line)
        if found is None:
            continue
        if found[1] == first:
            if block:
                yield block
            block = {}
        if block or found[1] == first:
            block.setdefault(found[1], found[2])
    if block:
        yield block
