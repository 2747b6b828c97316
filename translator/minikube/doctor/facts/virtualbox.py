"""VirtualBox according to VBoxManage. Parses its texts; no I/O.

Debian's VBoxManage prints its warning about a missing kernel module on standard output, before every command's output:
lines that are not of the expected form are skipped.
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
    """The output of `--version`: `7.2.22r175245`, or `7.2.22_Debianr175245` with a warning before it."""

    text: str
    warning: str = ""

    @property
    def numbers(self) -> tuple[int, ...]:
        """(7, 2, 22); empty if there is no version."""
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
    """A machine, from `showvminfo --machinereadable`."""

    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def state(self) -> str:
        """`running`, `poweroff`, `gurumeditation` and so on."""
        return self.values.get("VMState", "")

    @property
    def session(self) -> str:
        """The kind of process that holds its lock: `headless`, `GUI/Qt`; empty if none does."""
        return self.values.get("SessionName", "")

    @property
    def settings(self) -> str:
        """The path of its settings file."""
        return self.values.get("CfgFile", "")

    @property
    def logs(self) -> str:
        """The folder of VBox.log."""
        return self.values.get("LogFldr", "")

    @property
    def has_media(self) -> bool:
        """Whether a disc or a disk is attached: minikube attaches them in its last step but one."""
        return any(
            value not in _EMPTY and not value.startswith("/dev/")
            for key, value in self.values.items()
            if re.fullmatch(r"SATA-[01]-0", key)
        )

    @property
    def shares(self) -> frozenset[str]:
        """The folders of the host that it shares."""
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

    `used`: the adapters that any machine uses. `servers`: the networks with a DHCP server. `log`: the last lines of the
    machine's VBox.log, none if it has never run.
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
        """Whether any machine runs, the best proof that the kernel module is loaded and VT-x is available."""
        return isinstance(self.running, tuple) and bool(self.running)


def version(text: str) -> Version:
    """The last line that looks like a version, and the text before it."""
    found = list(_VERSION.finditer(text))
    if not found:
        return Version("", " ".join(text.split()))
    return Version(found[-1][1], " ".join(text[: found[-1].start()].split()))


def machines(text: str) -> tuple[str, ...]:
    """The names of `list vms`."""
    return tuple(_MACHINE.findall(text))


def adapters(text: str) -> tuple[Adapter, ...]:
    """The adapters in `list hostonlyifs`."""
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
    """The machine in `showvminfo --machinereadable`: `KEY=value`, `KEY="value"`, `"KEY"="value"`."""
    return Machine({found[1]: found[2] for line in text.splitlines() if (found := _VALUE.match(line))})


def _blocks(text: str, first: str) -> Iterator[dict[str, str]]:
    """Records of lines `Key:   value`, each of which begins with the key `first`."""
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
