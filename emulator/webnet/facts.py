"""What the engine has reported about networks and ports: the inputs of the load-balanced network that we don't control.

`controller.py` learns them; they are input of `allocation.py`, `ports.py` and `desired_gates.py`.
"""

from collections.abc import Mapping
from dataclasses import field
from ipaddress import IPv4Address

from stackferry.emulator.webnet.address import Area
from stackferry.grammar.lazy_dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Facts:
    """`areas` by the names of existing networks. `taken`: (number, protocol) of ports that others hold.

    `peers`: running gates of other stacks, by network. `plain`: gates may not balance, only answer DNS and relay.
    """

    areas: Mapping[str, Area] = field(default_factory=dict)
    taken: frozenset[tuple[int, str]] = frozenset()
    peers: Mapping[str, tuple[IPv4Address, ...]] = field(default_factory=dict)
    plain: bool = False

    def __str__(self) -> str:
        lines = [f"network {name} {area}" for name, area in sorted(self.areas.items())]
        lines += [f"taken {number}/{protocol}" for number, protocol in sorted(self.taken)]
        lines += [f"peer {one} in {name}" for name, found in sorted(self.peers.items()) for one in found]
        return "\n".join([*lines, "plain"] if self.plain else lines)
