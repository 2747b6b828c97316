"""The nft table of a gate. Pure; from checked types only.

New connections to a VIP go to its backends round robin, per connection (`numgen inc`), whatever the port; because of
the masquerade, answers come back through the gate, so a task can reach its own VIP. Nothing else is ever forwarded.
Docker's own table in the same namespace is left alone.

For published ports, clients from outside are not masqueraded if the task is in the set `returning`: such a task sends
its answers back through the gate by itself (`return_path.py`), and so sees the client's address.

The round-robin position is state of the rule itself. So each VIP and each port has its own chain (`turns`), which the
gate replaces only if it changes; the rules that lead there (`table`) may always be replaced. Thus a service whose
tasks come and go does not restart the round robin of other services.

Where tasks have IPv6 addresses, everything exists twice, in a table of each family.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import Literal, get_args

from stackferry.grammar.lazy_dataclass import dataclass

NAME = "stackferry"
PROTOCOLS = "{ tcp, udp, sctp }"
Protocol = Literal["tcp", "udp", "sctp"]
Address = IPv4Address | IPv6Address


@dataclass(frozen=True, slots=True)
class Backend:
    """A task that gets connections, at its address; with IPv6 in its network, also at that address."""

    address: IPv4Address
    task_id: str
    address6: IPv6Address | None = None

    def __str__(self) -> str:
        return f"{' and '.join(map(str, self.addresses()))} {self.task_id}"

    def addresses(self) -> "tuple[Address, ...]":
        """All its addresses."""
        return (self.address, self.address6) if self.address6 else (self.address,)


@dataclass(frozen=True, slots=True)
class Balanced:
    """A VIP and its backends, on any port. `service` is for the text form."""

    vip: IPv4Address
    service: str
    backends: tuple[Backend, ...] = ()
    vip6: IPv6Address | None = None


@dataclass(frozen=True, slots=True)
class Forward:
    """A published port and its backends, on its target port."""

    published: int
    protocol: Protocol
    target: int
    backends: tuple[Backend, ...] = ()


@dataclass(frozen=True, slots=True)
class Returning:
    """A task whose answers over these protocols come back through the gate without a masquerade."""

    address: IPv4Address
    protocols: tuple[Protocol, ...]

    def __str__(self) -> str:
        return f"{self.address} ({', '.join(self.protocols)})"


_CHAINS = (
    "arriving { type nat hook prerouting priority dstnat; policy accept; }",
    "leaving { type nat hook postrouting priority srcnat; policy accept; }",
    "through { type filter hook forward priority filter; policy drop; }",
    "nobody { type filter hook input priority filter; policy accept; }",
)
_TELLING = "telling { type filter hook output priority filter; policy accept; }"
_SET = "returning"


@dataclass(frozen=True, slots=True)
class _Family:
    """The names of an address family in the rules, and its view of tasks and VIPs."""

    name: str
    mark: str

    def address(self, task: Backend) -> Address | None:
        """A task's address in this family."""
        return task.address6 if self.mark else task.address

    def vip(self, balanced: Balanced) -> Address | None:
        """The VIP in this family."""
        return balanced.vip6 if self.mark else balanced.vip

    def chain(self, group: Balanced | Forward) -> str:
        """The name of the chain that chooses the backend."""
        if isinstance(group, Forward):
            return f"port{self.mark}_{group.protocol}_{group.published}"
        vip = self.vip(group)
        assert vip is not None
        return f"vip{self.mark}_{_word(vip)}"


_IP, _IP6 = _Family("ip", ""), _Family("ip6", "6")


def _families(balanced: Sequence[Balanced], forwards: Sequence[Forward]) -> tuple[_Family, ...]:
    groups = [*(one.backends for one in balanced), *(one.backends for one in forwards)]
    has_ipv6 = any(one.vip6 for one in balanced) or any(task.address6 for group in groups for task in group)
    return (_IP, _IP6) if has_ipv6 else (_IP,)


def table(
    balanced: Sequence[Balanced],
    forwards: Sequence[Forward],
    within: IPv4Network | None = None,
    within6: IPv6Network | None = None,
    subnet: IPv4Network | None = None,
    returning: Sequence[Returning] = (),
) -> str:
    """The rules that lead to the chains of `turns`, and all others, as input of `nft -f`.

    If `within` is given, only clients in it reach a VIP: the gate is in other networks, too, and does not route between
    them. If `subnet` is given, tasks in `returning` see clients that are not in it.

    Chains stay and their rules are replaced: while a chain itself is replaced, packets may meet the old chain after the
    switch or the new one before it, and be dropped or miss their translation.
    """
    # IPv6 clients are always masqueraded.
    lines = [*_table(_IP, balanced, forwards, within, subnet, returning)]
    if _IP6 in _families(balanced, forwards):
        lines += _table(_IP6, balanced, forwards, within6, None, ())
    return "".join(f"{line}\n" for line in lines)


def _table(
    family: _Family,
    balanced: Sequence[Balanced],
    forwards: Sequence[Forward],
    within: IPv4Network | IPv6Network | None,
    subnet: IPv4Network | None,
    returning: Sequence[Returning],
) -> Iterator[str]:
    place = f"{family.name} {NAME}"
    yield f"add table {place}"
    for chain in (*_CHAINS, _TELLING) if subnet is not None else _CHAINS:
        yield f"add chain {place} {chain}"
        yield f"flush chain {place} {chain.partition(' ')[0]}"
    for address in _addresses(family, balanced, forwards):
        yield f"add counter {place} {counter(address)}"
    if family is _IP and (forwards or subnet is not None):
        # Empty if no task may see a client: the set may exist from before.
        yield f"add set {place} {_SET} {{ type ipv4_addr . inet_proto; }}"
        yield from _elements(returning)
    for chain_name, rule in _rules(family, balanced, forwards, within, subnet):
        yield f"add rule {place} {chain_name} {rule}"


def turns(balanced: Sequence[Balanced], forwards: Sequence[Forward]) -> str:
    """The balancing rules, a line for each VIP and port with a backend: family, name of the chain, its rule."""
    return "".join(f"{chain} {rule}\n" for chain, rule in _turns(balanced, forwards))


def whole(balanced: Sequence[Balanced], forwards: Sequence[Forward]) -> str:
    """All rules as input of `nft -f`, for a gate that has none yet."""
    chains = "".join(
        f"add table {family} {NAME}\nadd chain {family} {NAME} {chain}\nflush chain {family} {NAME} {chain}\n"
        f"add rule {family} {NAME} {chain} {rule}\n"
        for (family, chain), rule in ((key.split(" "), rule) for key, rule in _turns(balanced, forwards))
    )
    return f"{chains}{table(balanced, forwards)}"


def returns(before: Sequence[Returning], after: Sequence[Returning]) -> str:
    """Input of `nft -f` that removes addresses from the set at once: another task may get one of them in a moment."""
    return "".join(f"{line}\n" for line in _elements(after)) if before and before != after else ""


def _elements(returning: Sequence[Returning]) -> Iterator[str]:
    yield f"flush set ip {NAME} {_SET}"
    if found := ", ".join(f"{one.address} . {protocol}" for one in returning for protocol in one.protocols):
        yield f"add element ip {NAME} {_SET} {{ {found} }}"


def hurried(before: str, after: str) -> tuple[tuple[str, ...], str]:
    """The urgent part of a change of `turns`: the chains that change, and input of `nft -f` for them.

    A chain without backends is left empty: its VIP refuses connections.
    """
    old, new = (dict(_split(line) for line in text.splitlines()) for text in (before, after))
    chains = tuple(key for key, rule in old.items() if new.get(key) != rule)
    lines = [f"flush chain {_placed(key)}" for key in chains]
    lines += [f"add rule {_placed(key)} {new[key]}" for key in chains if key in new]
    return tuple(key.partition(" ")[2] for key in chains), "".join(f"{line}\n" for line in lines)


def _split(line: str) -> tuple[str, str]:
    family, chain, rule = line.split(" ", 2)
    return f"{family} {chain}", rule


def _placed(key: str) -> str:
    family, _, chain = key.partition(" ")
    return f"{family} {NAME} {chain}"


def _turns(balanced: Sequence[Balanced], forwards: Sequence[Forward]) -> Iterator[tuple[str, str]]:
    """Family and name of each chain, and its rule."""
    for family in _families(balanced, forwards):
        for group in balanced:
            if family.vip(group) and (targets := _targets(family, group)):
                turn = _in_turn(map(str, targets))
                yield f"{family.name} {family.chain(group)}", f"meta l4proto {PROTOCOLS} dnat to {turn}"
        for port in _answered(family, forwards):
            turn = _in_turn(f"{address} . {port.target}" for address in _targets(family, port))
            rule = f"meta l4proto {port.protocol} dnat {family.name} addr . port to {turn}"
            yield f"{family.name} {family.chain(port)}", rule


def _targets(family: _Family, group: Balanced | Forward) -> list[Address]:
    return [address for task in group.backends if (address := family.address(task))]


def _answered(family: _Family, forwards: Sequence[Forward]) -> Collection[Forward]:
    """Ports with a backend; if two entries have the same port, the first."""
    found = {family.chain(port): port for port in reversed(forwards) if _targets(family, port)}
    return [port for port in forwards if found.get(family.chain(port)) is port]


def _addresses(family: _Family, balanced: Sequence[Balanced], forwards: Sequence[Forward]) -> list[Address]:
    groups = [*(_targets(family, one) for one in balanced), *(_targets(family, one) for one in forwards)]
    return sorted({address for group in groups for address in group}, key=int)


def _masquerade(subnet: IPv4Network | None) -> Iterator[tuple[str, str]]:
    """Chain and rule."""
    if subnet is None:
        yield "leaving", "ct status dnat masquerade"
        return
    # Neighbours, the task itself, and the bridge (from which this host's 127.0.0.1 comes) would be answered directly.
    yield "leaving", f"ct status dnat ip saddr {subnet} masquerade"
    yield "leaving", f"ct status dnat ip daddr . meta l4proto != @{_SET} masquerade"
    # Answers take a detour on purpose: no redirects. A container's sysctls do not reach its interface's own value.
    yield "telling", "icmp type redirect drop"


def _rules(
    family: _Family,
    balanced: Sequence[Balanced],
    forwards: Sequence[Forward],
    within: IPv4Network | IPv6Network | None,
    subnet: IPv4Network | None,
) -> Iterator[tuple[str, str]]:
    """Chain and rule."""
    mine = [(vip, one) for one in balanced if (vip := family.vip(one))]
    if ways := ", ".join(f"{vip} : goto {family.chain(one)}" for vip, one in mine if _targets(family, one)):
        if within is not None:
            yield "arriving", f"{family.name} saddr != {within} return"
        yield "arriving", f"{family.name} daddr vmap {{ {ways} }}"
    for protocol in get_args(Protocol):
        ports = (one for one in _answered(family, forwards) if one.protocol == protocol)
        if ways := ", ".join(f"{one.published} : goto {family.chain(one)}" for one in ports):
            yield "arriving", f"{protocol} dport vmap {{ {ways} }}"
    yield from _masquerade(subnet)
    yield "through", "ct state established ct status dnat accept"
    if addresses := _addresses(family, balanced, forwards):
        names = ", ".join(f'{address} : "{counter(address)}"' for address in addresses)
        yield "through", f"ct state new counter name {family.name} daddr map {{ {names} }}"
    yield "through", "ct status dnat accept"
    # Without a backend: a reset at once, never a time-out. Answers of the gate itself would become flows to the gate in
    # the kernel, and keep those clients from tasks that come later.
    if vips := ", ".join(str(vip) for vip, _ in mine):
        yield "nobody", f"{family.name} daddr {{ {vips} }} meta l4proto tcp reject with tcp reset"
        yield "nobody", f"{family.name} daddr {{ {vips} }} meta l4proto {{ udp, sctp }} reject"
    for protocol in get_args(Protocol):
        if published := sorted({one.published for one in forwards if one.protocol == protocol}):
            reset = " with tcp reset" if protocol == "tcp" else ""
            yield "nobody", f"{protocol} dport {{ {', '.join(map(str, published))} }} reject{reset}"


def counter(address: Address) -> str:
    """The name of a backend's counter of new connections. It stays when the task goes."""
    return f"new{address.version if address.version == 6 else ''}_{_word(address)}"


def _word(address: Address) -> str:
    """An address as a part of a name."""
    return str(address).replace(".", "_") if address.version == 4 else address.exploded.replace(":", "_")


def _in_turn(targets: Iterable[str]) -> str:
    found = tuple(targets)
    return f"numgen inc mod {len(found)} map {{ {', '.join(f'{at} : {one}' for at, one in enumerate(found))} }}"
