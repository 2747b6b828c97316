"""The answers of a resolver of the load-balanced network. Pure: names and addresses to the text that dnsmasq reads."""

import re
from collections.abc import Iterable, Iterator
from ipaddress import IPv4Address, IPv6Address
from typing import NewType

from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.grammar.regex import regex

HostName = NewType("HostName", str)
"""A name that is valid in a hosts file."""

_HOST_NAME = regex(
    r"(?=.{1,253}\Z)[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)*", re.IGNORECASE
)


def host_name(text: str) -> HostName | None:
    """The text as a host name, if it is valid."""
    return HostName(text) if _HOST_NAME.fullmatch(text) else None


@dataclass(frozen=True, slots=True)
class Entry:
    """Names for an address."""

    address: IPv4Address | IPv6Address
    names: tuple[HostName, ...]

    def __str__(self) -> str:
        return f"{self.address} {' '.join(self.names)}"


PORT, PEERS_PORT = 53, 5353
"""Where tasks ask, and where other stacks' gates ask for the names of one network; the latter refuses other names."""

_TASKS = "tasks."

ENGINE = IPv4Address("127.0.0.11")
"""The engine's own resolver inside a gate, which asks the host's servers."""


@dataclass(frozen=True, slots=True)
class Resolver:
    """One resolver: its address, the servers it asks for other names (none: the host's), its own entries.

    `own` are names that no other server is ever asked for, whether they have an address now or not: a query for an
    address family that they lack (IPv6) then gets an empty answer, while an outside server would deny the name, which
    musl takes for the whole answer. `peers` are other stacks' gates in its networks, which are asked first for all
    names that it does not know.
    """

    address: IPv4Address
    servers: tuple[IPv4Address | IPv6Address, ...] = ()
    entries: tuple[Entry, ...] = ()
    own: tuple[HostName, ...] = ()
    peers: tuple[IPv4Address, ...] = ()
    port: int = PORT

    @property
    def place(self) -> str:
        """Its address, with the port unless that is the default."""
        return str(self.address) if self.port == PORT else f"{self.address}@{self.port}"

    def servers_file(self) -> str:
        """Domains that only this resolver answers, then the servers to ask, one by one until one does not refuse."""
        return "".join(f"server={one}\n" for one in self._servers())

    def _servers(self) -> Iterator[str]:
        for name in self.own:
            yield f"/{name}/"
            if "." in name and not name.startswith(_TASKS):
                # Names below a name like pinned.example are resolved as elsewhere.
                yield f"/*.{name}/#"
        if self.port == PEERS_PORT:
            return
        # Names without a dot never leave the host. Peers may know them, and names with a dot, too.
        for peer in self.peers:
            yield f"//{peer}#{PEERS_PORT}"
            yield f"{peer}#{PEERS_PORT}"
        if not self.peers:
            yield "//"
        yield from map(str, self.servers or (ENGINE,))

    def hosts(self) -> str:
        """The hosts file."""
        return "".join(f"{entry}\n" for entry in self.entries)


def tasks_name(name: HostName) -> HostName:
    """The DNS name of a service's tasks."""
    return HostName(f"{_TASKS}{name}")


def virtual(
    names: Iterable[HostName],
    vips: Iterable[IPv4Address | IPv6Address],
    tasks: Iterable[IPv4Address | IPv6Address],
) -> Iterator[Entry]:
    """DNS entries of a service with VIPs."""
    names = tuple(names)
    for vip in vips:
        yield Entry(vip, names)
    for address in tasks:
        yield Entry(address, tuple(map(tasks_name, names)))


def spread(names: Iterable[HostName], tasks: Iterable[IPv4Address | IPv6Address]) -> Iterator[Entry]:
    """DNS entries of a service whose names resolve to its tasks (dnsrr)."""
    names = tuple(names)
    for address in tasks:
        yield Entry(address, (*names, *map(tasks_name, names)))
