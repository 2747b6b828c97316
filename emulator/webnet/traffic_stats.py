"""Traffic of gates per task (current and total connections, bytes), and what tasks see. Pure, from gates' output."""

from collections.abc import Collection, Iterable, Mapping
from ipaddress import IPv4Address, ip_address

from stackferry.emulator.cluster.objects import Task
from stackferry.emulator.cluster.state import TaskState
from stackferry.emulator.webnet.conntrack import Flow
from stackferry.emulator.webnet.nftables import Address
from stackferry.emulator.webnet.rotation import in_rotation
from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.grammar.regex import regex

_RETURNING = regex(r"(\d+\.\d+\.\d+\.\d+) \. (tcp|udp|sctp|6|17|132)\b")
_NUMBERS = {"6": "tcp", "17": "udp", "132": "sctp"}
"""Protocols as nft lists them if /etc/protocols is missing."""
_COUNTER = regex(r"counter new(6?)_([0-9a-f_]+) \{\s*packets (\d+)")


@dataclass(frozen=True, slots=True)
class TrafficStats:
    """The figures of one address, or a sum. `bytes` covers connections that the kernel still tracks."""

    connections: int = 0
    begun: int = 0
    bytes: int = 0

    def __add__(self, other: "TrafficStats") -> "TrafficStats":
        return TrafficStats(self.connections + other.connections, self.begun + other.begun, self.bytes + other.bytes)


def counters(text: str) -> dict[Address, int]:
    """Total connections by backend, from `nft list counters`."""
    return {
        ip_address(word.replace("_", ":" if six else ".")): int(count) for six, word, count in _COUNTER.findall(text)
    }


def figures(flows: Iterable[Flow], begun: Mapping[Address, int]) -> dict[Address, TrafficStats]:
    """The traffic of one gate, by backend."""
    found = {address: TrafficStats(begun=count) for address, count in begun.items()}
    for flow in flows:
        stats = TrafficStats(int(flow.live), 0, flow.sent + flow.received)
        found[flow.backend] = found.get(flow.backend, TrafficStats()) + stats
    return found


def of_task(task: Task, gates: Iterable[Mapping[Address, TrafficStats]]) -> TrafficStats:
    """The traffic of all gates to a task."""
    addresses = [ip_address(one) for one in (*task.addresses.values(), *task.addresses6.values())]
    return sum((gate.get(one, TrafficStats()) for gate in gates for one in addresses), TrafficStats())


def returning(text: str) -> frozenset[tuple[IPv4Address, str]]:
    """Addresses of tasks that see their clients, with the protocol, from `nft list set`."""
    found = _RETURNING.findall(text)
    return frozenset((IPv4Address(address), _NUMBERS.get(protocol, protocol)) for address, protocol in found)


def sees(task: Task, kept: Collection[tuple[IPv4Address, str]]) -> str:
    """What a task sees as client at its published ports: the client, or the gate; empty without such ports."""
    published = {port.protocol for port in task.endpoint.ports if port.mode == "ingress"}
    addresses = [IPv4Address(one) for one in task.addresses.values()]
    found = sorted(one for one in published if any((address, one) in kept for address in addresses))
    if not found:
        return "gate" if published else ""
    return "client" if len(found) == len(published) else f"client ({', '.join(found)})"


def standing(task: Task) -> str:
    """A task's state regarding new connections."""
    if in_rotation(task):
        return "in rotation"
    if task.failing:
        return "unhealthy"
    if task.state == TaskState.RUNNING:
        return "draining"
    return str(task.state)
