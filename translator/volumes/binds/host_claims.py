"""Decides which host paths of a stack share a claim: if one service writes a path, all its mounts use one claim.

Decided for the whole stack before any pod is made. Paths below a path with a claim are folders of that claim.
"""

import posixpath
from collections.abc import Mapping

from stackferry.grammar.compose.model.attachments import Mount
from stackferry.grammar.files import is_within
from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.translator.host_mounts import host_mounts
from stackferry.translator.stack import Stack
from stackferry.translator.volumes.binds.host_paths import Decision, Place, decide, of_the_system

_ONLY_READ = ("/docker-entrypoint-initdb.d", "/docker-entrypoint.d")
"""Folders that the entrypoints of images only read, whatever the mount's options say."""


@dataclass(frozen=True, slots=True)
class HostPath:
    """What replaces a path of the host: `decision` is about `root`, and the path is `below` it.

    Mostly the path is its own root, and `below` is empty. `is_folder` is about the path itself.
    """

    root: str
    below: str
    decision: Decision
    is_folder: bool

    @property
    def in_claim(self) -> str:
        """The path relative to the claim's folder for the root; empty if it is that folder."""
        return self.below if self.decision.is_folder else posixpath.basename(self.root)


def writes(mount: Mount) -> bool:
    """Whether a service may write to the mount."""
    return not mount.read_only and not any(is_within(posixpath.normpath(mount.target), one) for one in _ONLY_READ)


def plan_host_paths(stack: Stack) -> Mapping[str, HostPath]:
    """What replaces every path that the stack's services mount."""
    written: dict[str, bool] = {}
    for _, mount in host_mounts(stack.project):
        source = mount.source or ""
        written[source] = written.get(source, False) or writes(mount)
    uses = Uses(written, frozenset(above for source, one in written.items() if one for above in _above(source)))
    planned: dict[str, HostPath] = {}
    # A folder sorts before the paths below it.
    for source in sorted(written):
        planned[source] = _planned(source, uses, planned, stack)
    return planned


@dataclass(frozen=True, slots=True)
class Uses:
    """Whether some service may write each path itself, and the parent folders of writable paths."""

    written: Mapping[str, bool]
    above: frozenset[str]

    def writes(self, source: str) -> bool:
        """Whether a service may write the path or something below it."""
        return self.written[source] or source in self.above

    def writes_above(self, source: str) -> bool:
        """Whether a service may write a parent folder of the path, and so the path."""
        return any(self.written.get(one, False) for one in _above(source))


def _planned(source: str, uses: Uses, planned: Mapping[str, HostPath], stack: Stack) -> HostPath:
    directory, host = stack.project.directory, stack.host
    alone = of_the_system(source, directory) is not None
    if not alone:
        above = next((one for one in _above(source) if one in planned and planned[one].decision.place.is_claim), None)
        if above is not None and (found := _below(source, planned[above], uses, stack)) is not None:
            return found
    shared = not alone and uses.writes(source)
    decision = decide(source, directory, host, written=shared)
    if decision.place is Place.HAND and shared and not uses.written[source]:
        # The folder is too large to be seeded: the written paths below it get claims of their own.
        decision = decide(source, directory, host, written=False)
    return HostPath(source, "", decision, decision.is_folder)


def _below(source: str, above: HostPath, uses: Uses, stack: Stack) -> HostPath | None:
    """The path as a part of the claim of a parent folder; None if it needs its own."""
    if not above.decision.is_folder or not (uses.writes(source) or uses.writes_above(source)):
        return None
    if above.decision.place is Place.HAND and not (uses.written[above.root] and uses.writes(source)):
        alone = decide(source, stack.project.directory, stack.host, written=uses.writes(source))
        if alone.place in (Place.CONFIG, Place.SECRET) or not uses.written[above.root]:
            return None
    below = posixpath.join(above.below, posixpath.relpath(source, posixpath.join(above.root, above.below)))
    is_folder = stack.host.is_dir(source) or not stack.host.exists(source)
    return HostPath(above.root, posixpath.normpath(below), above.decision, is_folder)


def _above(source: str) -> list[str]:
    """The parent folders of a path, the nearest first."""
    found = []
    while (parent := posixpath.dirname(source)) != source:
        found.append(parent)
        source = parent
    return found
