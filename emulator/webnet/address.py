"""Addresses of the load-balanced network: subnets, and the part of each that gates and VIPs come from. Pure.

The engine gives tasks addresses from the lower half of a subnet (`ip-range`); the upper half is ours: its first half
in networks of the stack itself, a slice of its second half in external networks, so that stacks that share a network
never collide. `allocation.py` assigns the addresses.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network

from stackferry.emulator.desired.networks import NetworkSpec
from stackferry.emulator.engine.resources import NetworkInfo, Pool
from stackferry.grammar.diagnostics import StackferryError
from stackferry.grammar.lazy_dataclass import dataclass

POOLS = tuple(map(IPv4Network, ("10.208.0.0/12", "172.20.0.0/14", "192.168.128.0/17")))
LONGEST = 24
"""Prefix length of a network for which nobody asked for more addresses, as in a swarm."""

_ULA = IPv6Network("fd5f:cafe::/32")
_ROOMY = 48
"""Host bits of a subnet that has room for an IPv4 address below 16 bits that keep it apart from the engine's."""
_HIGH = 0xFFFF
_SMALLEST_SHARED = 28
_SLICES = 16


@dataclass(frozen=True, slots=True)
class Area:
    """Our part of a network: the addresses `first` to `last` without `reserved`; `gate` is the gate's address.

    `external`: others created the network and may be in it. `unasked`: the engine refuses requests for an address in
    it, since it chose the subnet itself; the gate adds its address beside the one it is given. `subnet6`: its IPv6
    subnet.
    """

    subnet: IPv4Network
    first: IPv4Address
    last: IPv4Address
    gate: IPv4Address
    reserved: frozenset[IPv4Address] = frozenset()
    internal: bool = False
    external: bool = False
    unasked: bool = False
    subnet6: IPv6Network | None = None

    def __str__(self) -> str:
        kinds = "".join(f" {one}" for one in ("internal", "external", "unasked") if getattr(self, one))
        beside = f" and {self.subnet6}" if self.subnet6 else ""
        return f"{self.subnet}{beside} gate {self.gate} of {self.first}-{self.last}{kinds}"

    def beside(self, address: IPv4Address) -> IPv6Address | None:
        """The IPv6 address derived from one of our IPv4 addresses; None without IPv6, or without room for it.

        The engine assigns addresses from the lowest upwards and would take ages to reach these.
        """
        if self.subnet6 is None:
            return None
        base, bits = int(self.subnet6.network_address), 128 - self.subnet6.prefixlen
        if bits >= _ROOMY:
            return IPv6Address(base | _HIGH << 32 | int(address))
        upper, number = 1 << bits >> 1, int(address) - int(self.first)
        # As in IPv4, the last address of a small network is left alone.
        return IPv6Address(base + upper + number) if 0 <= number < upper - 1 else None

    def __contains__(self, address: IPv4Address) -> bool:
        return self.first <= address <= self.last and address != self.gate and address not in self.reserved

    def addresses(self) -> Iterator[IPv4Address]:
        """The addresses that may be assigned, in order."""
        for number in range(int(self.first), int(self.last) + 1):
            if (address := IPv4Address(number)) in self:
                yield address


def choose(
    taken: Iterable[IPv4Network], tasks: int = 0, services: int = 0, near: Iterable[IPv4Address] = ()
) -> IPv4Network:
    """A subnet that overlaps none of `taken`, with room for that many tasks (doubled, for updates) and services.

    Count a service that publishes ports twice. The subnet that contains the addresses of `near`, if possible: then what
    other containers know of them stays true.
    """
    # Half is for tasks, a quarter for our own addresses, a quarter for other stacks that share the network.
    room = max(4 * tasks + 8, 4 * services + 32)
    prefix = min(LONGEST, 32 - (room - 1).bit_length())
    taken = tuple(taken)
    for address in near:
        candidate = IPv4Network((address, prefix), strict=False)
        if not any(one.overlaps(candidate) for one in taken) and any(candidate.subnet_of(pool) for pool in POOLS):
            return candidate
    for pool in POOLS:
        if prefix < pool.prefixlen:
            continue
        step = 1 << (32 - prefix)
        number, end = int(pool.network_address), int(pool.broadcast_address)
        while number < end:
            candidate = IPv4Network((number, prefix))
            in_the_way = next((one for one in taken if one.overlaps(candidate)), None)
            if in_the_way is None:
                return candidate
            number = max(number + step, -(-(int(in_the_way.broadcast_address) + 1) // step) * step)
    raise StackferryError(
        f"no free /{prefix} subnet for a network", "set one with ipam.config.subnet, or remove unused networks"
    )


def planned(spec: NetworkSpec, subnet: IPv4Network) -> NetworkSpec:
    """A network's spec with address pools: `subnet` if the user gave none, and our half withheld from the engine."""
    pools = [_halved(pool) for pool in spec.pools]
    if not any(_ipv4(pool) for pool in pools) and not spec.ipam_driver and spec.ipv4 is not False:
        pools.insert(0, _halved(Pool(str(subnet))))
    if spec.ipv6 and not any(_is_ipv6(pool) for pool in pools):
        # Engines before 27 have no default pool for IPv6.
        pools.append(Pool(str(private_ipv6(spec.name))))
    return replace(spec, pools=tuple(pools))


def private_ipv6(name: str) -> IPv6Network:
    """A private /64 derived from a network's name."""
    number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:4])
    return IPv6Network((int(_ULA.network_address) + (number << 64), 64))


def _halved(pool: Pool) -> Pool:
    subnet = _ipv4(pool)
    if pool.ip_range or subnet is None or subnet.prefixlen > _SMALLEST_SHARED:
        return pool
    return replace(pool, ip_range=str(next(subnet.subnets(prefixlen_diff=1))))


def _ipv4(pool: Pool) -> IPv4Network | None:
    return None if not pool.subnet or _is_ipv6(pool) else IPv4Network(pool.subnet, strict=False)


def ipv4(subnet: str) -> IPv4Network | None:
    """An IPv4 subnet; None for IPv6, and for invalid text, which the engine refuses in its own words."""
    found = network_of(subnet)
    return found if isinstance(found, IPv4Network) else None


def ipv6(subnet: str) -> IPv6Network | None:
    """An IPv6 subnet; None for any other text."""
    found = network_of(subnet)
    return found if isinstance(found, IPv6Network) else None


def network_of(subnet: str) -> IPv4Network | IPv6Network | None:
    """A subnet of either kind; None for invalid text."""
    try:
        return ip_network(subnet, strict=False)
    except ValueError:
        return None


def _is_ipv6(pool: Pool) -> bool:
    return ":" in pool.subnet


def area(
    info: NetworkInfo,
    stack: str,
    *,
    external: bool,
    kept: Iterable[IPv4Address] = (),
    gate: IPv4Address | None = None,
    shift: int = 0,
    unasked: bool = False,
) -> Area | None:
    """Our part of an existing network; None if it is no bridge with IPv4.

    `kept` are addresses that belong to others, `gate` the address of an existing gate of ours. `shift` skips slices of
    an external network that turned out to be another stack's.
    """
    subnets = [found for text in info.subnets if (found := ipv4(text))]
    if info.driver != "bridge" or not subnets:
        return None
    subnet = subnets[0]
    ranges = [found for text in info.ip_ranges if (found := ipv4(text))]
    ours = _outside(subnet, next((one for one in ranges if one.subnet_of(subnet)), None))
    if len(ours) < 4:
        return None
    middle = ours[0] + len(ours) // 2
    if external:
        ours = _slice(range(middle, ours.stop), stack, shift, gate)
    elif len(ours) >= 2 * _SLICES:
        ours = range(ours[0], middle)
    gateways = [IPv4Address(text) for text in info.gateways if ":" not in text]
    reserved = frozenset((*gateways, *kept, subnet.network_address, subnet.broadcast_address))
    free = (one for number in ours if (one := IPv4Address(number)) not in reserved)
    chosen = gate if gate is not None and int(gate) in ours else next(free, None)
    if chosen is None:
        return None
    subnet6 = next(filter(None, map(ipv6, info.subnets)), None)
    first, last = IPv4Address(ours[0]), IPv4Address(ours[-1])
    return Area(subnet, first, last, chosen, reserved, info.internal, external, unasked, subnet6)


def _outside(subnet: IPv4Network, ip_range: IPv4Network | None) -> range:
    """The larger range of addresses outside the engine's `ip_range`; without an `ip_range`, the upper half."""
    start, stop = int(subnet.network_address), int(subnet.broadcast_address) + 1
    if ip_range is None or ip_range.prefixlen == subnet.prefixlen:
        # The engine may assign all addresses, but it takes the lowest free one first.
        return range(start + (stop - start) // 2, stop)
    below = range(start, int(ip_range.network_address))
    above = range(int(ip_range.broadcast_address) + 1, stop)
    return max(above, below, key=len)


def _slice(numbers: range, stack: str, shift: int, gate: IPv4Address | None) -> range:
    """One stack's share: the slice with its gate, else a slice chosen by the stack's name."""
    size = max(_SLICES, min(256, len(numbers) // _SLICES))
    count = max(1, len(numbers) // size)
    chosen = (int.from_bytes(hashlib.sha256(stack.encode()).digest()[:4]) + shift) % count
    if gate is not None and int(gate) in numbers:
        chosen = min((int(gate) - numbers[0]) // size, count - 1)
    return numbers[chosen * size : (chosen + 1) * size]


def host_routes(table: str) -> tuple[IPv4Network, ...]:
    """Networks that the host has routes to, from the text of /proc/net/route; the default route is left out."""
    found = []
    for line in table.splitlines()[1:]:
        fields = line.split()
        if len(fields) > 7:
            address, mask = (int.from_bytes(bytes.fromhex(fields[at]), "little") for at in (1, 7))
            if mask:
                found.append(IPv4Network((address & mask, mask.bit_count())))
    return tuple(found)
