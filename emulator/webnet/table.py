"""The nft table of a gate: one atomic transaction that replaces the whole of it. Pure; from checked types only.

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


def table(balanced: Sequence[Balanced], forwards: Sequence[Forward]) -> str:
    """The input of `nft -f`."""
    return "\n".join(_lines(balanced, forwards)) + "\n"


def _lines(balanced: Sequence[Balanced], forwards: Sequence[Forward]) -> Iterator[str]:
    vips = [one for one in balanced if one.backends]
    ports = [one for one in forwards if one.backends]
    groups = [*(one.backends for one in vips), *(one.backends for one in ports)]
    addresses = sorted({task.address for group in groups for task in group})
    yield f"add table ip {NAME}"
    yield f"delete table ip {NAME}"
    yield f"table ip {NAME} {{"
    for address in addresses:
        yield f"\tcounter {counter(address)} {{ }}"
    for one in vips:
        yield f"\tchain {_chain(one.vip)} {{"
        yield f"\t\tmeta l4proto {PROTOCOLS} dnat to {_in_turn(str(task.address) for task in one.backends)}"
        yield "\t}"
    yield "\tchain arriving {"
    yield "\t\ttype nat hook prerouting priority dstnat; policy accept;"
    if vips:
        yield f"\t\tip daddr vmap {{ {', '.join(f'{one.vip} : jump {_chain(one.vip)}' for one in vips)} }}"
    for port in ports:
        targets = _in_turn(f"{task.address} . {port.target}" for task in port.backends)
        yield f"\t\t{port.protocol} dport {port.published} dnat ip addr . port to {targets}"
    yield "\t}"
    yield "\tchain leaving {"
    yield "\t\ttype nat hook postrouting priority srcnat; policy accept;"
    yield "\t\tct status dnat masquerade"
    yield "\t}"
    yield "\tchain through {"
    yield "\t\ttype filter hook forward priority filter; policy drop;"
    yield "\t\tct state established ct status dnat accept"
    if addresses:
        counted = ", ".join(f'{address} : "{counter(address)}"' for address in addresses)
        yield f"\t\tct state new counter name ip daddr map {{ {counted} }}"
    yield "\t\tct status dnat accept"
    yield "\t}"
    if balanced:
        yield from _refusing(balanced)
    yield "}"


def _refusing(balanced: Iterable[Balanced]) -> Iterator[str]:
    """A VIP without a backend: a reset at once, never a time-out."""
    yield "\tchain nobody {"
    yield "\t\ttype filter hook input priority filter; policy accept;"
    addresses = ", ".join(str(one.vip) for one in balanced)
    yield f"\t\tip daddr {{ {addresses} }} meta l4proto tcp reject with tcp reset"
    yield f"\t\tip daddr {{ {addresses} }} meta l4proto {{ udp, sctp }} reject"
    yield "\t}"


def _chain(vip: IPv4Address) -> str:
    return f"to_{str(vip).replace('.', '_')}"


def counter(address: IPv4Address) -> str:
    """The name of the counter of new connections to a backend."""
    return f"new_{str(address).replace('.', '_')}"


def _in_turn(targets: Iterable[str]) -> str:
    found = tuple(targets)
    return f"numgen inc mod {len(found)} map {{ {', '.join(f'{at} : {one}' for at, one in enumerate(found))} }}"
