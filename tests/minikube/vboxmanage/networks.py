"""`hostonlyif` and `dhcpserver`: the networks between the host and its machines."""

import ipaddress
import subprocess
from pathlib import Path

from tests.minikube.vboxmanage.errors import CODES, failure, plain
from tests.minikube.vboxmanage.registry import State, folder, kind
from tests.minikube.vboxmanage.words import value

PREFIX = "HostInterfaceNetworking-"
"""A host-only interface's network is called so, with the interface's name behind."""

ALLOWED = "192.168.56.0/21"
"""What VirtualBox allows where /etc/vbox/networks.conf says nothing; RIG_DIR/networks.conf may say more here."""


def hostonlyif(words: list[str], state: State) -> str:
    """`hostonlyif create`, `ipconfig NAME --ip … --netmask …` and `remove NAME`."""
    interfaces = state["hostonlyifs"]
    action, *rest = words[1:]
    if action == "create":
        name = _new_name(interfaces)
        network = 56 + int(name.removeprefix("vboxnet")) % 200
        interfaces[name] = {"ip": f"192.168.{network}.1", "netmask": "255.255.255.0"}
        # VirtualBox gives every interface a server at once.
        state["dhcpservers"].setdefault(PREFIX + name, _server("192.168.56.100", "192.168.56.101", "192.168.56.254"))
        return f"Interface '{name}' was successfully created\n"
    name = rest[0]
    if name not in interfaces:
        raise failure(f"The host network interface named '{name}' could not be found", "NS_ERROR_INVALID_ARG", "host")
    if action == "remove":
        del interfaces[name]
        remove_bridge(name, folder())
        return ""
    address = value(rest, "--ip")
    if not _allowed(address):
        code = "E_ACCESSDENIED"
        raise plain(
            f"Code {code} ({CODES[code]}) - Access denied (extended info not available)",
            'Context: "EnableStaticIPConfig(Bstr(pszIp).raw(), Bstr(pNetmask).raw())" at line 242 of file '
            "VBoxManageHostonly.cpp",
        )
    interfaces[name] = {"ip": address, "netmask": value(rest, "--netmask", "255.255.255.0")}
    return ""


def dhcpserver(words: list[str], state: State) -> str:
    """`dhcpserver add|modify --netname … --ip … --netmask … --lowerip … --upperip …` and `remove --netname …`."""
    action, *rest = words[1:]
    servers, name = state["dhcpservers"], value(rest, "--netname")
    if action == "add" and name in servers:
        raise plain("DHCP server already exists", code=2)
    if action == "modify" and name not in servers:
        raise plain("DHCP server does not exist", code=2)
    if action == "remove":
        if name not in servers:
            raise plain(f"Failed to find DHCP server for network '{name}'")
        del servers[name]
    else:
        servers[name] = _server(
            value(rest, "--ip"), value(rest, "--lowerip"), value(rest, "--upperip"), value(rest, "--netmask")
        )
    return ""


def make_bridge(name: str, owner: Path) -> bool:
    """Make the bridge that stands for an interface, with the owner's RIG_DIR on it; False if another rig has it."""
    if not _ip("link", "add", name, "type", "bridge").returncode:
        _ip("link", "set", name, "alias", str(owner))
    return _owner(name) == str(owner)


def remove_bridge(name: str, owner: Path) -> None:
    """Remove the bridge that stands for an interface, if this rig made it."""
    if _owner(name) == str(owner):
        _ip("link", "delete", name)


def bits(netmask: str) -> int:
    """255.255.255.0 → 24."""
    return ipaddress.ip_network(f"0.0.0.0/{netmask}").prefixlen


def _owner(bridge: str) -> str:
    try:
        return Path(f"/sys/class/net/{bridge}/ifalias").read_text("utf-8").strip()
    except OSError:
        return ""


def _ip(*words: str) -> subprocess.CompletedProcess[bytes]:
    path = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}
    return subprocess.run(["ip", *words], env=path, capture_output=True, check=False)


def _server(ip: str, lower: str, upper: str, netmask: str = "255.255.255.0") -> dict[str, str]:
    return {"ip": ip, "netmask": netmask, "lower": lower, "upper": upper}


def _new_name(interfaces: dict[str, object]) -> str:
    """The first vboxnetN that is free. A machine of namespaces needs a bridge of that name, so it is made at once."""
    free = (name for name in map("vboxnet{}".format, range(256)) if name not in interfaces)
    return next(name for name in free if kind() != "ns" or make_bridge(name, folder()))


def _allowed(address: str) -> bool:
    ranges = [ALLOWED]
    extra = folder() / "networks.conf"
    if extra.exists():
        ranges += [
            word for line in extra.read_text("utf-8").splitlines() if line[:1] == "*" for word in line[1:].split()
        ]
    return any(ipaddress.ip_address(address) in ipaddress.ip_network(one) for one in ranges)
