"""The nft table of a gate. Pure; from checked types only.

New connections to a VIP go to its backends in turn, per connection (`numgen inc`), whatever the port; the masquerade
makes answers come back through the gate, so a task can reach its own VIP. Nothing else is ever forwarded.
Docker's own table in the same namespace is left alone.

Whose turn it is stands in the rule itself. So each VIP and each port has a chain of its own (`turns`), which the gate
replaces only if it is another one, beside the rules that lead there (`table`), which it may always replace: a service
whose tasks come and go does not begin the turns of the others anew.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network
from typing import Literal, get_args

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


def table(balanced: Sequence[Balanced], forwards: Sequence[Forward], within: IPv4Network | None = None) -> str:
    """The rules that lead to the chains of `turns`, and all others, as input of `nft -f`.

    If `within` is given, nobody else reaches a VIP: the gate has legs in other networks, and routes between none.

    The chains stay and their rules are replaced: while a chain itself is replaced, packets may meet the old one
    after and the new one before the switch, and be dropped or miss their translation.
    """
    lines = [f"add table ip {NAME}"]
    for chain in _CHAINS:
        lines += [f"add chain ip {NAME} {chain}", f"flush chain ip {NAME} {chain.partition(' ')[0]}"]
    return "\n".join((*lines, *_counters(balanced, forwards), *_rules(balanced, forwards, within))) + "\n"


def turns(balanced: Sequence[Balanced], forwards: Sequence[Forward]) -> str:
    """Whose turn it is, a line for each VIP and port that somebody answers at: the name of its chain, its rule."""
    return "".join(f"{chain} {rule}\n" for chain, rule in _turns(balanced, forwards))


def whole(balanced: Sequence[Balanced], forwards: Sequence[Forward]) -> str:
    """All of it as input of `nft -f`, for a gate that has no rules yet."""
    chains = "".join(
        f"add chain ip {NAME} {chain}\nflush chain ip {NAME} {chain}\nadd rule ip {NAME} {chain} {rule}\n"
        for chain, rule in _turns(balanced, forwards)
    )
    return f"add table ip {NAME}\n{chains}{table(balanced, forwards)}"


def hurried(before: str, after: str) -> tuple[tuple[str, ...], str]:
    """What of `turns` cannot wait for the rest: the chains in force that become others, and input of `nft -f` for them.

    A chain that nobody answers in is left empty: its VIP refuses.
    """
    old, new = (dict(line.split(" ", 1) for line in text.splitlines()) for text in (before, after))
    chains = tuple(chain for chain, rule in old.items() if new.get(chain) != rule)
    lines = [f"flush chain ip {NAME} {chain}" for chain in chains]
    lines += [f"add rule ip {NAME} {chain} {new[chain]}" for chain in chains if chain in new]
    return chains, "".join(f"{line}\n" for line in lines)


def _turns(balanced: Sequence[Balanced], forwards: Sequence[Forward]) -> Iterator[tuple[str, str]]:
    for one in balanced:
        if one.backends:
            turn = _in_turn(str(task.address) for task in one.backends)
            yield _chain(one), f"meta l4proto {PROTOCOLS} dnat to {turn}"
    for port in _answered(forwards):
        turn = _in_turn(f"{task.address} . {port.target}" for task in port.backends)
        yield _chain(port), f"meta l4proto {port.protocol} dnat ip addr . port to {turn}"


def _answered(forwards: Sequence[Forward]) -> Collection[Forward]:
    """Ports that somebody answers at; where two say so of one, the first."""
    found = {_chain(port): port for port in reversed(forwards) if port.backends}
    return [port for port in forwards if found.get(_chain(port)) is port]


def _chain(one: Balanced | Forward) -> str:
    if isinstance(one, Forward):
        return f"port_{one.protocol}_{one.published}"
    return f"vip_{str(one.vip).replace('.', '_')}"


def _addresses(balanced: Sequence[Balanced], forwards: Sequence[Forward]) -> list[IPv4Address]:
    groups = [*(one.backends for one in balanced), *(one.backends for one in forwards)]
    return sorted({task.address for group in groups for task in group})


def _counters(balanced: Sequence[Balanced], forwards: Sequence[Forward]) -> Iterator[str]:
    for address in _addresses(balanced, forwards):
        yield f"add counter ip {NAME} {counter(address)}"


def _rules(balanced: Sequence[Balanced], forwards: Sequence[Forward], within: IPv4Network | None) -> Iterator[str]:
    def rule(chain: str, text: str) -> str:
        return f"add rule ip {NAME} {chain} {text}"

    if ways := ", ".join(f"{one.vip} : goto {_chain(one)}" for one in balanced if one.backends):
        if within is not None:
            yield rule("arriving", f"ip saddr != {within} return")
        yield rule("arriving", f"ip daddr vmap {{ {ways} }}")
    for protocol in get_args(Protocol):
        ports = (one for one in _answered(forwards) if one.protocol == protocol)
        if ways := ", ".join(f"{one.published} : goto {_chain(one)}" for one in ports):
            yield rule("arriving", f"{protocol} dport vmap {{ {ways} }}")
    yield rule("leaving", "ct status dnat masquerade")
    yield rule("through", "ct state established ct status dnat accept")
    if addresses := _addresses(balanced, forwards):
        names = ", ".join(f'{address} : "{counter(address)}"' for address in addresses)
        yield rule("through", f"ct state new counter name ip daddr map {{ {names} }}")
    yield rule("through", "ct status dnat accept")
    # Nobody is there: a reset at once, never a time-out. What the gate itself answered the kernel would know as a flow
    # to the gate, and keep it from the tasks that come later.
    if vips := ", ".join(str(one.vip) for one in balanced):
        yield rule("nobody", f"ip daddr {{ {vips} }} meta l4proto tcp reject with tcp reset")
        yield rule("nobody", f"ip daddr {{ {vips} }} meta l4proto {{ udp, sctp }} reject")
    for protocol in get_args(Protocol):
        if published := sorted({one.published for one in forwards if one.protocol == protocol}):
            reset = " with tcp reset" if protocol == "tcp" else ""
            yield rule("nobody", f"{protocol} dport {{ {', '.join(map(str, published))} }} reject{reset}")


def counter(address: IPv4Address) -> str:
    """The name of the counter of new connections to a backend. It stays when its task goes."""
    return f"new_{str(address).replace('.', '_')}"


def _in_turn(targets: Iterable[str]) -> str:
    found = tuple(targets)
    return f"numgen inc mod {len(found)} map {{ {', '.join(f'{at} : {one}' for at, one in enumerate(found))} }}"
