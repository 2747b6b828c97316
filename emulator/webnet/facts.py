"""What the engine has told about networks and ports: the part of the load-balanced network that is not ours to say.

Learned by `keeper.py`, input of `allocation.py`, `ports.py` and `state.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from emulator.webnet.address import Area


@dataclass(frozen=True, slots=True)
class Facts:
    """`areas` by the names of networks that are there. `taken`: (number, protocol) of ports that others hold."""

    areas: Mapping[str, Area] = field(default_factory=dict)
    taken: frozenset[tuple[int, str]] = frozenset()

    def __str__(self) -> str:
        lines = [f"network {name} {area}" for name, area in sorted(self.areas.items())]
        lines += [f"taken {number}/{protocol}" for number, protocol in sorted(self.taken)]
        return "\n".join(lines)
