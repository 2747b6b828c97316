"""What an init container does for the volumes of a pod, before it is one: `pod/fillings.py` makes the containers."""

from dataclasses import replace
from typing import NamedTuple

from stackferry.grammar.lazy_dataclass import dataclass


class Held(NamedTuple):
    """A volume of the pod as the init container has it."""

    volume: str
    place: str
    read_only: bool = False


@dataclass(frozen=True, slots=True)
class Filling:
    """A script of `filling/scripts.py` with its arguments and volumes; `name` is what its container is called.

    It runs in the helper image, unless `service` says in whose image, or `image` names one; as root, or as nobody. Of
    all that are `joined` and have the same script one container is made, which gets the arguments of all.
    """

    name: str
    script: str
    args: tuple[str, ...]
    held: tuple[Held, ...]
    service: str | None = None
    image: str | None = None
    joined: bool = False
    as_root: bool = True

    def with_other(self, other: "Filling") -> "Filling":
        """What does both."""
        held = (*self.held, *(one for one in other.held if one not in self.held))
        return replace(self, args=(*self.args, *other.args), held=held)
