"""What becomes of every key of a compose file: one table, key path to fate.

Every path of the Compose Specification is here; a test fails when one is missing. `explain`, the
summary of `convert`, `--strict` and the page in the documentation all read this table.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from translator.fates.build import BUILD
from translator.fates.deploy import DEPLOY
from translator.fates.fate import Fate, nothing
from translator.fates.network import NETWORK
from translator.fates.resources import RESOURCES
from translator.fates.service import SERVICE
from translator.fates.storage import STORAGE
from translator.fates.toplevel import TOPLEVEL
from translator.notes import Path

__all__ = ["EXTENSION", "FATES", "Fate", "fate_of"]

_OF_SERVICES = {**SERVICE, **BUILD, **DEPLOY, **NETWORK, **RESOURCES, **STORAGE}

FATES: Mapping[str, Fate] = MappingProxyType(
    {**TOPLEVEL, **{f"services.*.{path}": fate for path, fate in _OF_SERVICES.items()}}
)

EXTENSION = nothing("an extension: a note to other tools")


@dataclass(slots=True)
class _Branch:
    """The table as a tree, so that a path is found in as many steps as it has parts."""

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


_TREE = _grow(FATES)


def fate_of(path: Path) -> tuple[Path, str, Fate] | None:
    """The fate of the key at `path`: (the part of `path` that the table knows, its path there, the fate).

    The item of a list that the table does not know has the fate of the list. None for a key that no
    schema has.
    """
    branch = _TREE
    found: tuple[Path, str, Fate] | None = None
    for length, part in enumerate(path, 1):
        below = branch.below.get("[]") if isinstance(part, int) else branch.below.get(part) or branch.below.get("*")
        if isinstance(part, str) and part.startswith("x-") and "*" not in branch.below:
            return path[:length], "x-*", EXTENSION
        if below is None:
            break
        branch = below
        if branch.fate is not None:
            found = path[:length], branch.path, branch.fate
    return found
