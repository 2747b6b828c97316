"""Checks in advance what a gate will need: runs a similar container, without a network, for a moment.

For `doctor`. It loads a table as gates do, in a namespace of its own.
"""

import uuid
from collections.abc import Mapping
from contextlib import suppress
from ipaddress import IPv4Address, IPv4Network

from stackferry.emulator.cluster.labels import GATE
from stackferry.emulator.engine.protocol import Engine, EngineError
from stackferry.emulator.webnet.gate_container import CAPABILITIES
from stackferry.emulator.webnet.nftables import Backend, Balanced, Forward, Returning, table, whole
from stackferry.grammar.lazy_dataclass import dataclass

VIP = IPv4Address("10.0.0.1")
TASKS = (Backend(IPv4Address("10.0.0.2"), "one"), Backend(IPv4Address("10.0.0.3"), "two"))
PORTS = [Forward(80, "tcp", 80, TASKS)]
TABLE = whole([Balanced(VIP, "web", TASKS), Balanced(VIP, "idle")], PORTS)
CLIENTS = table([], PORTS, subnet=IPv4Network("10.0.0.0/24"), returning=[Returning(TASKS[0].address, ("tcp", "udp"))])

STEPS: Mapping[int, str] = {
    # exit code of SCRIPT: the missing feature
    11: "NET_ADMIN",
    12: "nf_tables",
    13: "conntrack",
    14: "dnsmasq",
    # Last, as all else works without it: tasks of published ports do not see their clients.
    15: "routing",
}
SCRIPT = f"""\
ip addr add {VIP}/32 dev lo || exit 11
nft -f - <<END || exit 12
{TABLE}END
conntrack -L >/dev/null || exit 13
dnsmasq --test || exit 14
nft -f - <<END || exit 15
{CLIENTS}add table ip stackferry_return
add chain ip stackferry_return answering {{ type route hook output priority mangle; policy accept; }}
add rule ip stackferry_return answering ct direction reply ct mark 217 meta mark set ct mark
END
ip rule add fwmark 217 table 217 pref 217 && ip route add default dev lo table 217 || exit 15
"""


@dataclass(frozen=True, slots=True)
class Probe:
    """`missing` is one of STEPS, `container` if none could be created, or empty. `said` is the error's text."""

    missing: str = ""
    said: str = ""


def probe(engine: Engine, image: str) -> Probe:
    """Run the probe with the image of gates."""
    name = f"stackferry.doctor.{uuid.uuid4().hex[:12]}"
    body: dict[str, object] = {
        "Image": image,
        "Entrypoint": ["/bin/busybox"],
        "Cmd": ["sleep", "60"],
        "Labels": {GATE: "probe"},
        "HostConfig": {
            "NetworkMode": "none",
            "CapDrop": ["ALL"],
            "CapAdd": list(CAPABILITIES),
            "ReadonlyRootfs": True,
            "SecurityOpt": ["no-new-privileges"],
            "Tmpfs": {"/run": "", "/tmp": ""},  # noqa: S108 - inside the container
            "Sysctls": {"net.ipv4.ip_forward": "1"},
            "AutoRemove": True,
        },
    }
    try:
        engine.create(name, body)
        engine.start(name)
        done = engine.exec(name, ["/bin/sh", "-c", SCRIPT])
    except EngineError as error:
        return Probe("container", str(error))
    finally:
        with suppress(EngineError):
            engine.remove(name)
    if done.exit_code == 0:
        return Probe()
    said = (done.stderr or done.stdout).decode(errors="replace").strip()
    return Probe(STEPS.get(done.exit_code, "container"), said.partition("\n")[0] or f"code {done.exit_code}")
