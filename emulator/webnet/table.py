"""The nft table of a gate: one atomic transaction that replaces all its rules. Pure; from checked types only.

New connections to a VIP go to its backends in turn, per connection (`numgen inc`), whatever the port; the masquerade
makes answers come back through the gate, so a task can reach its own VIP. Nothing else is ever forwarded.
Docker's own table in the same namespace is left alone.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address
from typing import Literal

NAME = "stackferry"
PROTOCOLS = "{ tcp, udp, sctp }"
Protocol = Literal["tcp", "udp", "sctp"]


@dataclass(frozen=True, slots=True)
class Backend:
    """A task that gets connections, at its address."""

    address: IPv4Address
    task_id: str

    def __str__(self) -> str:
        return f"{self.address} {self.task_id}"


@dataclass(frozen=True, slots=True)
class Balanced:
    """A VIP and who answers there, on any port. `service` is for the text form."""

    vip: IPv4Address
    service: str
    backends: tuple[Backend, ...] = ()


@dataclass(frozen=True, slots=True)
class Forward:
    """A published port and who answers, on its target port."""

    published: int
    protocol: Protocol
    target: int
    backends: tuple[Backend, ...] = ()


_CHAINS = (
    "arriving { type nat hook prerouting priority dstnat; policy accept; }",
    "leaving { type nat hook postrouting priority srcnat; policy accept; }",
    "through { type filter hook forward priority filter; policy drop; }",
    "nobody { type filter hook input priority filter; policy accept; }",
)


def table(balanced: Sequence[Balanced], forwards: Sequence[Forward]) -> str:
    """The input of `nft -f`.

    The chains stay and their rules are replaced: while a chain itself is replaced, packets may meet the old one
    after and the new one before the switch, and be dropped or miss their translation.
    """
    lines = [f"add table ip {NAME}", *(f"add chain ip {NAME} {chain}" for chain in _CHAINS), f"flush table ip {NAME}"]
    return "\n".join((*lines, *_counters(balanced, forwards), *_rules(balanced, forwards))) + "\n"


def _addresses(balanced: Sequence[Balanced], forwards: Sequence[Forward]) -> list[IPv4Address]:
    groups = [*(one.backends for one in balanced), *(one.backends for one in forwards)]
    return sorted({task.address for group in groups for task in group})


def _counters(balanced: Sequence[Balanced], forwards: Sequence[Forward]) -> Iterator[str]:
    for address in _addresses(balanced, forwards):
        yield f"add counter ip {NAME} {counter(address)}"


def _rules(balanced: Sequence[Balanced], forwards: Sequence[Forward]) -> Iterator[str]:
    def rule(chain: str, text: str) -> str:
        return f"add rule ip {NAME} {chain} {text}"

    for one in balanced:
        if one.backends:
            turn = _in_turn(str(task.address) for task in one.backends)
            yield rule("arriving", f"ip daddr {one.vip} meta l4proto {PROTOCOLS} dnat to {turn}")
    for port in forwards:
        if port.backends:
            turn = _in_turn(f"{task.address} . {port.target}" for task in port.backends)
            yield rule("arriving", f"{port.protocol} dport {port.published} dnat ip addr . port to {turn}")
    yield rule("leaving", "ct status dnat masquerade")
    yield rule("through", "ct state established ct status dnat accept")
    if addresses := _addresses(balanced, forwards):
        names = ", ".join(f'{address} : "{counter(address)}"' for address in addresses)
        yield rule("through", f"ct state new counter name ip daddr map {{ {names} }}")
    yield rule("through", "ct status dnat accept")
    if vips := ", ".join(str(one.vip) for one in balanced):
        # Nobody is there: a reset at once, never a time-out.
        yield rule("nobody", f"ip daddr {{ {vips} }} meta l4proto tcp reject with tcp reset")
        yield rule("nobody", f"ip daddr {{ {vips} }} meta l4proto {{ udp, sctp }} reject")


def counter(address: IPv4Address) -> str:
    """The name of the counter of new connections to a backend. It stays when its task goes."""
    return f"new_{str(address).replace('.', '_')}"


def _in_turn(targets: Iterable[str]) -> str:
    found = tuple(targets)
    return f"numgen inc mod {len(found)} map {{ {', '.join(f'{at} : {one}' for at, one in enumerate(found))} }}"
