"""Tables of fates: what becomes of every key of a compose file on one back end, and the look-up of a key.

Each back end has its own table, a package of sections; `explanation.py` joins it with the keys of a stack.
"""

from collections.abc import Mapping
from dataclasses import field
from functools import lru_cache
from types import MappingProxyType

from stackferry.grammar.compose.validate.schema import key_paths
from stackferry.grammar.key_path import Path
from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.grammar.notes import Kind


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of one key: its kind, the reason, and the places it goes to, which the back end can look up."""

    kind: Kind
    why: str
    places: tuple[str, ...] = ()


Section = Mapping[str, Fate]
"""Part of the table: key paths relative to the section, in the notation of `services.*.ports[].target`."""


def exact(*places: str, why: str = "means the same") -> Fate:
    """The key means the same on the back end."""
    return Fate(Kind.EXACT, why, places)


def loaded(why: str) -> Fate:
    """Exact: loading has used up the key; nothing is left to translate."""
    return Fate(Kind.EXACT, f"resolved while loading: {why}")


def holder(why: str = "see the keys below") -> Fate:
    """A section that means nothing by itself."""
    return Fate(Kind.EXACT, why)


def about(why: str, *places: str) -> Fate:
    """Approximated."""
    return Fate(Kind.APPROXIMATED, why, places)


def action(why: str, *places: str) -> Fate:
    """Needs action by the user."""
    return Fate(Kind.NEEDS_ACTION, why, places)


def nothing(why: str) -> Fate:
    """Not applicable: the key says nothing about the running stack."""
    return Fate(Kind.NOT_APPLICABLE, why)


def later(why: str) -> Fate:
    """Not yet supported."""
    return Fate(Kind.NOT_YET, why)


def throughout(section: str, fate: Fate) -> Section:
    """The same fate for a key path and for everything that the schema has below it."""
    return {path: fate for path in key_paths() if f"{path}.".startswith((f"{section}.", f"{section}[]."))}


EXTENSION = nothing("an extension, for other tools")


@dataclass(slots=True)
class _Branch:
    """The table as a tree, so that looking up a path takes as many steps as the path has parts."""

    path: str = ""
    fate: Fate | None = None
    below: dict[str, "_Branch"] = field(default_factory=dict)


def _grow(table: Mapping[str, Fate]) -> _Branch:
    root = _Branch()
    for path, fate in table.items():
        branch = root
        for part in path.replace("[]", ".[]").split("."):
            branch = branch.below.setdefault(part, _Branch())
        branch.path, branch.fate = path, fate
    return root


class Table:
    """A back end's fates by key path. `extension` is the fate of `x-…` keys that the table does not name."""

    def __init__(self, fates: Mapping[str, Fate], extension: Fate = EXTENSION) -> None:
        self.fates: Mapping[str, Fate] = MappingProxyType(dict(fates))
        self.extension = extension
        self._tree = _grow(fates)
        # Sections where every name has the same fates.
        self._alike = frozenset(section for section, branch in self._tree.below.items() if "*" in branch.below)
        self._known = lru_cache(4096)(self._find)

    def fate_of(self, path: Path) -> tuple[Path, str, Fate] | None:
        """The fate of the key at `path`: (the part of `path` that the table has, its path in the table, the fate).

        A list item that the table does not have takes the list's fate. None for a key that is in no schema.
        """
        if len(path) > 2 and path[0] in self._alike and isinstance(path[1], str):
            known, pattern, fate = self._known((path[0], "*", *path[2:]))
        else:
            known, pattern, fate = self._find(path)
        return (path[:known], pattern, fate) if fate is not None else None

    def _find(self, path: Path) -> tuple[int, str, Fate | None]:
        """How many parts of `path` the table has, the path in the table, the fate."""
        branch = self._tree
        nearest, known = branch, 0
        for length, part in enumerate(path, 1):
            if isinstance(part, str):
                below = branch.below.get(part) or branch.below.get("*")
                if below is None and part.startswith("x-"):
                    return length, "x-*", self.extension
            else:
                below = branch.below.get("[]")
            if below is None:
                break
            branch = below
            if branch.fate is not None:
                nearest, known = branch, length
        return known, nearest.path, nearest.fate
