"""The output of `conntrack -L`, as values. Pure."""

from ipaddress import ip_address

from stackferry.emulator.webnet.nftables import Address
from stackferry.grammar.lazy_dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Flow:
    """One connection through a gate: from `client` to `address`:`port`, served by `backend`. `state` is TCP's.

    `sent` and `received` are bytes to and from the backend, 0 if the kernel does not count them.
    """

    protocol: str
    state: str
    client: Address
    address: Address
    port: int
    backend: Address
    sent: int = 0
    received: int = 0

    @property
    def live(self) -> bool:
        """Whether it may still carry traffic."""
        return self.state not in ("TIME_WAIT", "CLOSE", "LAST_ACK")


def flows(text: str) -> tuple[Flow, ...]:
    """The flows of a listing; other lines are ignored."""
    return tuple(flow for line in text.splitlines() if (flow := _flow(line)))


def _flow(line: str) -> Flow | None:
    words = line.split()
    if len(words) < 5 or words[0] not in ("tcp", "udp", "sctp"):
        return None
    pairs = [(key, value) for word in words if "=" in word for key, _, value in [word.partition("=")]]

    def both(key: str) -> list[str]:
        return [value for name, value in pairs if name == key]

    sources, targets, ports, counted = both("src"), both("dst"), both("dport"), both("bytes")
    if len(sources) < 2 or not ports:
        return None
    state = words[3] if "=" not in words[3] else ""
    sent, received = (int(one) for one in counted[:2]) if len(counted) > 1 else (0, 0)
    return Flow(
        words[0],
        state,
        ip_address(sources[0]),
        ip_address(targets[0]),
        int(ports[0]),
        ip_address(sources[1]),
        sent,
        received,
    )
