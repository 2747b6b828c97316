"""What one gate should be and do at one moment, and its text form. Pure values; `desired_gates.py` computes them.

The text form is one line per thing; examples are under fixtures/webnet/.
"""

from collections.abc import Iterable, Iterator
from ipaddress import IPv4Address, IPv4Network, IPv6Network

from stackferry.emulator.webnet.dns import Resolver
from stackferry.emulator.webnet.nftables import Address, Backend, Balanced, Forward, Returning, table, turns
from stackferry.grammar.lazy_dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Binding:
    """A port of the host that a gate holds. An empty `host_ip` is every address."""

    published: int
    protocol: str
    host_ip: str = ""

    def __str__(self) -> str:
        return f"{self.host_ip or '*'}:{self.published}/{self.protocol}"


@dataclass(frozen=True, slots=True)
class GateState:
    """One gate. `network` is where its leg is, `subject` what it is for: that network, or a service.

    `outside` is a second leg that its ports are published on, where its network is shut off.
    `bindings` are fixed once its container is made; `draining` are tasks that get no new connections but
    may have old ones, `direct` those of them whose connections it does not see. A `plain` gate may not balance.
    Its resolvers ask other stacks' gates in `farther` networks: it has a leg there for that and nothing else, as only
    who is `within` its own network reaches its VIPs.
    One with `ipv6` forwards it, too: its network has it.
    One that is `unasked` has its address beside one that the engine chose, which may be asked for none.
    `returning` tasks see clients of its ports that are not in `subnet`, that of its network; without, nobody does.
    """

    name: str
    network: str
    subject: str
    address: IPv4Address | None = None
    outside: str = ""
    bindings: tuple[Binding, ...] = ()
    balanced: tuple[Balanced, ...] = ()
    forwards: tuple[Forward, ...] = ()
    resolvers: tuple[Resolver, ...] = ()
    draining: tuple[Backend, ...] = ()
    direct: tuple[Backend, ...] = ()
    plain: bool = False
    unasked: bool = False
    farther: tuple[str, ...] = ()
    within: IPv4Network | None = None
    within6: IPv6Network | None = None
    ipv6: bool = False
    subnet: IPv4Network | None = None
    returning: tuple[Returning, ...] = ()

    def backends(self) -> frozenset[Backend]:
        """Every task that gets new connections."""
        groups = [*(one.backends for one in self.balanced), *(one.backends for one in self.forwards)]
        return frozenset(task for group in groups for task in group)

    def addresses(self) -> tuple[Address, ...]:
        """What it has beside those that the engine gave it."""
        found = (*(one.vip for one in self.balanced), *(one.address for one in self.resolvers))
        own = (self.address,) if self.address and self.unasked else ()
        beside = (one.vip6 for one in self.balanced if one.vip6)
        return (*own, *(one for one in found if one != self.address), *beside)

    def table(self) -> str:
        """Its nft tables, but for the turns."""
        return table(self.balanced, self.forwards, self.within, self.within6, self.subnet, self.returning)

    def turns(self) -> str:
        """Whose turn it is at its VIPs and ports."""
        return turns(self.balanced, self.forwards)

    def relays(self) -> str:
        """For a plain gate: a published TCP port and whom it is relayed to, in turn, a line for each."""
        return "".join(
            f"{one.published} {' '.join(f'{task.address}:{one.target}' for task in one.backends)}\n"
            for one in self.forwards
            if self.plain and one.protocol == "tcp"
        )

    def __str__(self) -> str:
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        at = f" {'besides ' if self.unasked else ''}at {self.address}" if self.address else ""
        outside = f" and {self.outside}" if self.outside else ""
        yield f"{'plain ' if self.plain else ''}gate {self.name} in {self.network}{at}{outside}"
        if self.farther:
            yield f"  asks in {', '.join(self.farther)}, for those in {self.within}"
        for binding in self.bindings:
            yield f"  binds {binding}"
        for group in self.balanced:
            beside = f" and {group.vip6}" if group.vip6 else ""
            yield f"  vip {group.vip}{beside} {group.service}: {_listed(group.backends)}"
        for port in self.forwards:
            yield f"  port {port.published}/{port.protocol} to {port.target}: {_listed(port.backends)}"
        if self.returning:
            yield f"  clients are seen by: {_listed(self.returning)}"
        for resolver in self.resolvers:
            asked = (*(f"peer {one}" for one in resolver.peers), *map(str, resolver.servers))
            yield f"  resolver {resolver.place}" + (f" asks {', '.join(asked)}" if asked else "")
            for entry in resolver.entries:
                yield f"    {entry}"
        if self.draining:
            yield f"  draining: {_listed(self.draining)}"
        if self.direct:
            yield f"  seen by none of ours: {_listed(self.direct)}"


def _listed(tasks: Iterable[Backend | Returning]) -> str:
    return ", ".join(map(str, tasks)) or "nobody"
