"""The desired state of one gate at one moment, and its text form. Pure values; `desired_gates.py` computes them.

The text form is one line per item; examples are under fixtures/webnet/.
"""

from collections.abc import Iterable, Iterator
from ipaddress import IPv4Address, IPv4Network, IPv6Network

from stackferry.emulator.webnet.dns import Resolver
from stackferry.emulator.webnet.nftables import Address, Backend, Balanced, Forward, Returning, table, turns
from stackferry.grammar.lazy_dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Binding:
    """A port of the host that a gate holds. An empty `host_ip` means every address."""

    published: int
    protocol: str
    host_ip: str = ""

    def __str__(self) -> str:
        return f"{self.host_ip or '*'}:{self.published}/{self.protocol}"


@dataclass(frozen=True, slots=True)
class GateState:
    """One gate. `network` is the network it is in, `subject` what it serves: that network, or a service.

    `outside` is a second network through which its ports are published, if its own network is internal.
    `bindings` are fixed once its container is created; `draining` are tasks that get no new connections but may have
    old ones, `direct` the draining tasks whose connections bypass the gate. A `plain` gate may not balance.
    Its resolvers ask other stacks' gates in the `farther` networks: it is connected to them for that alone, since its
    VIPs answer only clients `within` its own network.
    A gate with `ipv6` forwards IPv6 as well: its network has it.
    An `unasked` gate adds its address to the one that the engine chose, since the engine accepts no chosen address.
    `returning` tasks see clients of its ports that are not in `subnet`, its network's; without `subnet`, no task does.
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
        """Its addresses apart from those that the engine assigned."""
        found = (*(one.vip for one in self.balanced), *(one.address for one in self.resolvers))
        own = (self.address,) if self.address and self.unasked else ()
        beside = (one.vip6 for one in self.balanced if one.vip6)
        return (*own, *(one for one in found if one != self.address), *beside)

    def table(self) -> str:
        """Its nft tables, without the chains of `turns`."""
        return table(self.balanced, self.forwards, self.within, self.within6, self.subnet, self.returning)

    def turns(self) -> str:
        """The chains that choose the backends of its VIPs and ports."""
        return turns(self.balanced, self.forwards)

    def relays(self) -> str:
        """For a plain gate: one line per published TCP port with the backends that it relays to, round robin."""
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
