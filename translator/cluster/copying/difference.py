"""Computes what to change in a copy, from the last copy, the files here and the service's own changes. Pure."""

from collections.abc import Iterator, Mapping

from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.translator.cluster.copying.entries import FOLDER, Entry, Listing

State = tuple[str, str] | None
"""A path in a claim: kind and digest, as in an `Entry`; None if nothing is there."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What to put into a claim and what to remove, children first; `kept` are paths that the service changed itself.

    In `put`, parents come before their children.
    """

    put: tuple[Entry, ...] = ()
    gone: tuple[Entry, ...] = ()
    kept: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to do."""
        return not (self.put or self.gone)


def changes(base: Listing, here: Listing) -> Changes:
    """All differences between the last copy and the files here."""
    put = tuple(one for path, one in here.entries.items() if base.entries.get(path) != one)
    gone = [one for path, one in base.entries.items() if _is_gone(one, here.entries.get(path))]
    return Changes(put, tuple(reversed(gone)))


def _is_gone(before: Entry, after: Entry | None) -> bool:
    """Whether the entry must be removed: a folder and a file replace each other, but a file just overwrites a file."""
    return after is None or before.is_folder != after.is_folder


def asked_about(found: Changes) -> tuple[str, ...]:
    """The paths whose treatment depends on their state in the claim."""
    return tuple(one.path for one in (*found.put, *found.gone) if not one.is_folder)


def merged(found: Changes, base: Listing, there: Mapping[str, State]) -> Changes:
    """The changes without those that would undo changes of the service. `there` has all of `asked_about`."""
    put = tuple(one for one in found.put if one.is_folder or _may_be_put(one, base, there))
    gone = tuple(one for one in found.gone if one.is_folder or there[one.path] in (None, _state(one)))
    done = {one.path for one in (*put, *gone)}
    kept = tuple(one.path for one in (*found.put, *found.gone) if one.path not in done)
    return Changes(put, gone, kept)


def _may_be_put(entry: Entry, base: Listing, states: Mapping[str, State]) -> bool:
    before, there = base.entries.get(entry.path), states[entry.path]
    if any(above in base.entries and not base.entries[above].is_folder for above in _above(entry.path)):
        # The path is seen through a link that a folder replaces. If the link stays, nothing is put behind it.
        return True
    if before is not None and before.is_folder and there is not None and there[0] == FOLDER:
        # The folder is emptied first; files that the service changed stay, and the folder with them.
        return True
    if before is None or before.is_folder:
        return there in (None, _state(entry))
    return there in (_state(before), _state(entry))


def _above(path: str) -> Iterator[str]:
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path


def _state(entry: Entry) -> State:
    return (entry.kind, entry.digest)
