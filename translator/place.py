"""How a place of the table of fates is written, read once: `container.ports[containerPort={target}].hostPort`.

`places.py` walks the segments down a manifest. An item of a list is found by an index of the list, not by
looking at one item after the other: every key of a compose file may ask for an item of the same list.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import Any

_TEMPLATE = "spec.template"
_PREFIXES = {
    "template": ("workload", _TEMPLATE),
    "pod": ("workload", f"{_TEMPLATE}.spec"),
    "container": ("workload", f"{_TEMPLATE}.spec.containers[0]"),
}
_SEGMENT = re.compile(r"([^\[\]]*)(?:\[(?:(\d+)|(.*))\])?", re.DOTALL)

Index = Mapping[tuple[str, ...], int]
"""Where in a list the first item with these values of some keys is."""


@dataclass(frozen=True, slots=True)
class Segment:
    """One step down: a field, then nothing, a position in its list, or what `keys` of the item must hold."""

    name: str
    position: int | None
    keys: tuple[str, ...]
    wanted: tuple[str, ...]


@cache
def parsed(place: str) -> tuple[str, tuple[Segment, ...]]:
    """The role and the way down from its object. The table has a few hundred places: all may be kept."""
    role, _, fields = place.partition(".")
    role, prefix = _PREFIXES.get(role, (role, ""))
    return role, tuple(_segment(part) for part in f"{prefix}.{fields}".split(".") if part)


def _segment(text: str) -> Segment:
    match = _SEGMENT.fullmatch(text)
    if match is None:
        raise ValueError(f"not a segment of a place: {text}")
    conditions = [part.partition("=") for part in match[3].split(",")] if match[3] is not None else []
    return Segment(
        match[1],
        int(match[2]) if match[2] else None,
        tuple(key for key, _, _ in conditions),
        tuple(wanted for _, _, wanted in conditions),
    )


def index_of(items: Sequence[Mapping[str, Any]], keys: tuple[str, ...]) -> Index:
    """The index of a list by `keys`; an item that has a list under a key is there once for each of its values."""
    found: dict[tuple[str, ...], int] = {}
    for position, item in enumerate(items):
        if all(key in item for key in keys):
            for values in product(*(_texts(item[key]) for key in keys)):
                found.setdefault(values, position)
    return found


def _texts(held: Any) -> list[str]:
    return [str(one) for one in held] if isinstance(held, list) else [str(held)]
