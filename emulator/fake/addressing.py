"""Addresses and host ports that the fake engine assigns and releases."""

from collections.abc import Iterable, Mapping
from dataclasses import field
from ipaddress import IPv4Address, IPv4Network

from stackferry.emulator.engine.protocol import EngineError
from stackferry.emulator.engine.resources import NetworkInfo
from stackferry.grammar.lazy_dataclass import dataclass

Binding = tuple[str, str, str]
"""Protocol, host IP, host port."""


@dataclass(slots=True)
class Addresses:
    """The addresses of one network: the lowest free address first, from the IP range if one is set."""

    info: NetworkInfo
    taken: set[IPv4Address] = field(default_factory=set)

    def take(self, wanted: str = "") -> str:
        """An address, or the requested one. Raises EngineError if there is none."""
        if not self.info.subnets:
            return ""
        subnet = IPv4Network(self.info.subnets[0])
        if wanted:
            address = IPv4Address(wanted)
            if address not in subnet:
                raise EngineError(f"Invalid address {wanted}: It does not belong to any of this network's subnets")
            if address in self.taken:
                raise EngineError("Address already in use", status=403)
        else:
            pool = IPv4Network(self.info.ip_ranges[0]) if self.info.ip_ranges else subnet
            edges = {subnet.network_address, subnet.broadcast_address, self._gateway(subnet)}
            free = (one for one in pool if one not in self.taken and one not in edges)
            found = next(free, None)
            if found is None:
                raise EngineError("no available IPv4 addresses on this network's address pools", status=500)
            address = found
        self.taken.add(address)
        return str(address)

    def give_back(self, address: str) -> None:
        """Release the address."""
        if address:
            self.taken.discard(IPv4Address(address))

    def _gateway(self, subnet: IPv4Network) -> IPv4Address:
        return IPv4Address(self.info.gateways[0]) if self.info.gateways else subnet.network_address + 1


@dataclass(slots=True)
class HostPorts:
    """Which host ports are bound, and by which container."""

    bound: dict[Binding, str] = field(default_factory=dict)
    ephemeral: int = 49152

    def take(
        self, owner: str, name: str, wanted: Mapping[str, Iterable[Mapping[str, str]] | None]
    ) -> dict[str, tuple[tuple[str, str], ...]]:
        """Bind what HostConfig.PortBindings asks for. Raises EngineError, with nothing bound, if a port is taken."""
        given: dict[str, tuple[tuple[str, str], ...]] = {}
        try:
            for port, bindings in wanted.items():
                protocol = port.partition("/")[2] or "tcp"
                given[port] = tuple(self._bind(owner, name, protocol, one) for one in bindings or ())
        except EngineError:
            self.give_back(owner)
            raise
        return given

    def _bind(self, owner: str, name: str, protocol: str, binding: Mapping[str, str]) -> tuple[str, str]:
        host, port = binding.get("HostIp") or "0.0.0.0", binding.get("HostPort") or ""  # noqa: S104
        while not port:
            candidate, self.ephemeral = str(self.ephemeral), self.ephemeral + 1
            port = "" if self._clashes(protocol, host, candidate) else candidate
        if self._clashes(protocol, host, port):
            raise EngineError(
                f"driver failed programming external connectivity on endpoint {name} ({owner}): "
                f"Bind for {host}:{port} failed: port is already allocated",
                status=500,
            )
        self.bound[(protocol, host, port)] = owner
        return host, port

    def _clashes(self, protocol: str, host: str, port: str) -> bool:
        everywhere = "0.0.0.0"  # noqa: S104
        return any(
            (protocol, port) == (other_protocol, other_port) and (host == other or everywhere in {host, other})
            for other_protocol, other, other_port in self.bound
        )

    def give_back(self, owner: str) -> None:
        """Release all ports of a container."""
        self.bound = {binding: one for binding, one in self.bound.items() if one != owner}
