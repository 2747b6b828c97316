"""An init container's work for the volumes of a pod, as a value: `pod/fillings.py` makes the containers."""

from dataclasses import replace
from typing import NamedTuple

from stackferry.grammar.lazy_dataclass import dataclass


class Held(NamedTuple):
    """A volume of the pod, and where the init container mounts it."""

    volume: str
    place: str
    read_only: bool = False


@dataclass(frozen=True, slots=True)
class Filling:
    """A script of `filling/scripts.py` with its arguments and volumes; `name` is the name of its container.

    It runs in the helper image, unless `service` gives a service whose image it uses, or `image` names an image; as
    root, or as nobody. All that are `joined` and have the same script become one container with the arguments of all.
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
        """One filling that does the work of both."""
        held = (*self.held, *(one for one in other.held if one not in self.held))
        return replace(self, args=(*self.args, *other.args), held=held)
