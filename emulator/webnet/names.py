"""What a resolver of the load-balanced network answers. Pure: names and addresses to the text that dnsmasq reads."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from typing import NewType

HostName = NewType("HostName", str)
"""A name that may stand in a hosts file."""

_HOST_NAME = re.compile(
    r"(?=.{1,253}\Z)[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)*", re.IGNORECASE
)


def host_name(text: str) -> HostName | None:
    """The name, if it is one."""
    return HostName(text) if _HOST_NAME.fullmatch(text) else None


@dataclass(frozen=True, slots=True)
class Entry:
    """Names that stand for an address."""

    address: IPv4Address
    names: tuple[HostName, ...]

    def __str__(self) -> str:
        return f"{self.address} {' '.join(self.names)}"


@dataclass(frozen=True, slots=True)
class Resolver:
    """One resolver: its address, the servers it asks for other names (none: the host's), what it answers itself.

    `own` are names that no other server is ever asked for, whether they have an address now or not.
    """

    address: IPv4Address
    servers: tuple[IPv4Address | IPv6Address, ...] = ()
    entries: tuple[Entry, ...] = ()
    own: tuple[HostName, ...] = ()

    def options(self) -> str:
        """Words of dnsmasq's command line."""
        return " ".join(("--no-resolv", *(f"--server={one}" for one in self.servers))) if self.servers else ""

    def servers_file(self) -> str:
        """Domains that are answered here alone."""
        return "".join(f"server=/{name}/\n" for name in self.own)

    def hosts(self) -> str:
        """The hosts file."""
        return "".join(f"{entry}\n" for entry in self.entries)


def tasks_name(name: HostName) -> HostName:
    """The name of a service's tasks."""
    return HostName(f"tasks.{name}")


def virtual(names: Iterable[HostName], vip: IPv4Address, tasks: Iterable[IPv4Address]) -> Iterator[Entry]:
    """Entries of a service with a virtual address."""
    names = tuple(names)
    yield Entry(vip, names)
    for address in tasks:
        yield Entry(address, tuple(map(tasks_name, names)))


def spread(names: Iterable[HostName], tasks: Iterable[IPv4Address]) -> Iterator[Entry]:
    """Entries of a service whose names stand for its tasks (dnsrr)."""
    names = tuple(names)
    for address in tasks:
        yield Entry(address, (*names, *map(tasks_name, names)))
