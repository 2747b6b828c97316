"""The engine's request for a gate's container, and the archive that carries a state into it. Pure.

A gate has NET_ADMIN in its own namespace and what dnsmasq needs, a read-only root, no mount of the host, and an
anonymous volume for its last state, which is removed with it.
"""

import io
import tarfile
from collections.abc import Iterable, Mapping
from ipaddress import IPv4Address

from stackferry.emulator.cluster import labels
from stackferry.emulator.cluster.serialize import fingerprint
from stackferry.emulator.engine.protocol import ContainerInfo
from stackferry.emulator.webnet.gate_state import GateState
from stackferry.emulator.webnet.nftables import Address

CAPABILITIES = ("NET_ADMIN", "NET_BIND_SERVICE", "SETUID", "SETGID")
PLAIN = "io.stackferry.gate.plain"
"""Label: a gate that may not balance. It has no NET_ADMIN."""
ADDRESS = "io.stackferry.gate.address"
"""Label: the gate's own address, if the engine gave it another one."""
SHAPE = "io.stackferry.gate.shape"
"""Label: what is fixed once the container is created. Another shape needs another container."""


_FORWARDING = {"net.ipv4.ip_forward": "1"}
_FORWARDING6 = {"net.ipv6.conf.all.forwarding": "1"}
_CONNTRACK = "net.netfilter.nf_conntrack_"
_TIMEOUTS: Mapping[str, tuple[str, str]] = {
    # variable, in seconds: the kernel's name, and our default. TCP connections may be idle for five days.
    "STACKFERRY_TCP_IDLE": ("tcp_timeout_established", ""),
    "STACKFERRY_UDP_IDLE": ("udp_timeout_stream", "300"),
    # A task keeps an ended connection for a minute. If its port is reused for another client before that, the task
    # refuses that client's first packet, and the next backend is tried. The kernel's two minutes would fill its table.
    "STACKFERRY_TCP_TIME_WAIT": ("tcp_timeout_time_wait", "70"),
}


def sysctls(environment: Mapping[str, str]) -> dict[str, str]:
    """The time-outs of connections through gates, with those that the environment sets."""
    asked = {_CONNTRACK + key: environment.get(name) or default for name, (key, default) in _TIMEOUTS.items()}
    # Counts bytes per connection, for `stackferry webnet`.
    return {_CONNTRACK + "acct": "1", **{key: value for key, value in asked.items() if value.isdigit()}}


def of_ipv6(engine: str) -> dict[str, str]:
    """Sysctls of a gate with IPv6: nobody else has its addresses, so they are used at once, without asking neighbours.

    Engines before 27 set them when the interface exists, later engines before it does.
    """
    found = {"net.ipv6.conf.default.accept_dad": "0"}
    major = engine.partition(".")[0]
    return {**found, "net.ipv6.conf.eth0.accept_dad": "0"} if major.isdigit() and int(major) < _EARLY else found


_EARLY = 27


def gate_body(state: GateState, stack: str, image: str, sysctls: Mapping[str, str]) -> dict[str, object]:
    """The body of POST /containers/create. `sysctls`: time-outs and the like, in addition to what every gate needs."""
    host: dict[str, object] = {
        "NetworkMode": state.outside or state.network,
        "CapDrop": ["ALL"],
        "CapAdd": [one for one in CAPABILITIES if not state.plain or one != "NET_ADMIN"],
        "ReadonlyRootfs": True,
        "SecurityOpt": ["no-new-privileges"],
        "Tmpfs": {"/run": "", "/tmp": ""},  # noqa: S108 - inside the gate
        "Mounts": [{"Type": "volume", "Target": "/state"}],
        "RestartPolicy": {"Name": "unless-stopped"},
        "Sysctls": {} if state.plain else {**_FORWARDING, **(_FORWARDING6 if state.ipv6 else {}), **sysctls},
        "PidsLimit": 1024,
        "LogConfig": {"Type": "json-file", "Config": {"max-size": "1m", "max-file": "1"}},
    }
    endpoint: dict[str, object] = {}
    body: dict[str, object] = {"Image": image, **({"Env": ["PLAIN=yes"]} if state.plain else {})}
    if state.bindings:
        ports = list(dict.fromkeys(f"{one.published}/{one.protocol}" for one in state.bindings))
        body["ExposedPorts"] = {port: {} for port in ports}
        host["PortBindings"] = {
            port: [
                {"HostIp": one.host_ip, "HostPort": str(one.published)}
                for one in state.bindings
                if f"{one.published}/{one.protocol}" == port
            ]
            for port in ports
        }
    if state.address is not None:
        # After a restart, neighbours still have its old hardware address cached; newer engines would choose another.
        body["MacAddress"] = endpoint["MacAddress"] = hardware_address(state.address)
        if not state.unasked:
            endpoint["IPAMConfig"] = {"IPv4Address": str(state.address)}
    body |= {"HostConfig": host, "NetworkingConfig": {"EndpointsConfig": {state.outside or state.network: endpoint}}}
    marks = {labels.GATE: state.subject, SHAPE: fingerprint({**body, "network": state.network})}
    if state.plain:
        marks[PLAIN] = "yes"
    if state.unasked:
        marks[ADDRESS] = str(state.address)
    return {**body, "Labels": {**labels.of_stack(stack), **marks}}


def gate_address(gate: ContainerInfo, network: str) -> IPv4Address | None:
    """A gate's address in its network, which its DNS names and neighbours use; None if it has none now."""
    found = gate.addresses.get(network)
    return IPv4Address(gate.labels.get(ADDRESS) or found) if found else None


def hardware_address(address: IPv4Address) -> str:
    """The hardware address that older engines derive from an IP address."""
    return ":".join(f"{byte:02x}" for byte in (0x02, 0x42, *address.packed))


def state_archive(state: GateState, dead: Iterable[Address], fresh: Iterable[Address]) -> bytes:
    """The tar that `gate.sh` applies; flows to `dead` addresses end, `fresh` addresses may have other hardware now."""
    files = {
        "table": state.table(),
        "turns": state.turns(),
        "relays": state.relays(),
        "addresses": "".join(f"{one}\n" for one in state.addresses()),
        "dead": "".join(f"{one}\n" for one in _sorted(dead)),
        "fresh": "".join(f"{one}\n" for one in _sorted(fresh)),
    }
    for resolver in state.resolvers:
        home = f"resolvers/{resolver.place}"
        files[f"{home}/servers"] = resolver.servers_file()
        files[f"{home}/names"] = resolver.hosts()
    return archived(files)


def _sorted(addresses: Iterable[Address]) -> list[Address]:
    return sorted(set(addresses), key=lambda one: (one.version, int(one)))


def archived(files: Mapping[str, str]) -> bytes:
    """A tar of text files."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.GNU_FORMAT) as archive:
        for path, text in files.items():
            content = text.encode()
            entry = tarfile.TarInfo(path)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return buffer.getvalue()
