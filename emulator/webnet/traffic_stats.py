"""What gates have carried: per task, connections now, connections ever, bytes. Pure, from what gates say."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from ipaddress import ip_address

from stackferry.emulator.cluster.objects import Task
from stackferry.emulator.cluster.state import TaskState
from stackferry.emulator.webnet.conntrack import Flow
from stackferry.emulator.webnet.nftables import Address
from stackferry.emulator.webnet.rotation import in_rotation

_COUNTER = re.compile(r"counter new(6?)_([0-9a-f_]+) \{\s*packets (\d+)")


@dataclass(frozen=True, slots=True)
class TrafficStats:
    """Of one address, or summed. `bytes` are those of connections that are still known."""

    connections: int = 0
    begun: int = 0
    bytes: int = 0

    def __add__(self, other: "TrafficStats") -> "TrafficStats":
        return TrafficStats(self.connections + other.connections, self.begun + other.begun, self.bytes + other.bytes)


def counters(text: str) -> dict[Address, int]:
    """New connections by backend, from `nft list counters`."""
    return {
        ip_address(word.replace("_", ":" if six else ".")): int(count) for six, word, count in _COUNTER.findall(text)
    }


def figures(flows: Iterable[Flow], begun: Mapping[Address, int]) -> dict[Address, TrafficStats]:
    """What one gate has carried, by backend."""
    found = {address: TrafficStats(begun=count) for address, count in begun.items()}
    for flow in flows:
        one = TrafficStats(int(flow.live), 0, flow.sent + flow.received)
        found[flow.backend] = found.get(flow.backend, TrafficStats()) + one
    return found


def of_task(task: Task, gates: Iterable[Mapping[Address, TrafficStats]]) -> TrafficStats:
    """What all gates have carried to a task."""
    addresses = [ip_address(one) for one in (*task.addresses.values(), *task.addresses6.values())]
    return sum((gate.get(one, TrafficStats()) for gate in gates for one in addresses), TrafficStats())


def standing(task: Task) -> str:
    """How a task stands towards new connections."""
    if in_rotation(task):
        return "in rotation"
    if task.failing:
        return "unhealthy"
    if task.state == TaskState.RUNNING:
        return "draining"
    return str(task.state)
