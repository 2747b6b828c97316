"""What has to be done to a copy: from what was copied last, what is here now, and what the service made of it. Pure."""

from collections.abc import Iterator, Mapping

from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.translator.cluster.copying.entries import FOLDER, Entry, Listing

State = tuple[str, str] | None
"""What a claim has at a path: the kind and the digest, as an `Entry`; None: nothing."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What is put into a claim, and what is taken out, from below; `kept` is what the service changed itself.

    What is above comes before what is below it.
    """

    put: tuple[Entry, ...] = ()
    gone: tuple[Entry, ...] = ()
    kept: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing is to be done."""
        return not (self.put or self.gone)


def changes(base: Listing, here: Listing) -> Changes:
    """All that differs between what was copied last and what is here."""
    put = tuple(one for path, one in here.entries.items() if base.entries.get(path) != one)
    gone = [one for path, one in base.entries.items() if _is_gone(one, here.entries.get(path))]
    return Changes(put, tuple(reversed(gone)))


def _is_gone(before: Entry, after: Entry | None) -> bool:
    """A folder and a file make room for each other. A file takes the place of another by itself."""
    return after is None or before.is_folder != after.is_folder


def asked_about(found: Changes) -> tuple[str, ...]:
    """The paths of which the state in the claim decides what becomes of them."""
    return tuple(one.path for one in (*found.put, *found.gone) if not one.is_folder)


def merged(found: Changes, base: Listing, there: Mapping[str, State]) -> Changes:
    """The changes without those that would undo what the service has done. `there` has all of `asked_about`."""
    put = tuple(one for one in found.put if one.is_folder or _may_be_put(one, base, there))
    gone = tuple(one for one in found.gone if one.is_folder or there[one.path] in (None, _state(one)))
    done = {one.path for one in (*put, *gone)}
    kept = tuple(one.path for one in (*found.put, *found.gone) if one.path not in done)
    return Changes(put, gone, kept)


def _may_be_put(entry: Entry, base: Listing, states: Mapping[str, State]) -> bool:
    before, there = base.entries.get(entry.path), states[entry.path]
    if any(above in base.entries and not base.entries[above].is_folder for above in _above(entry.path)):
        # Seen through a link that makes room for a folder. Where it does not, nothing is put behind it.
        return True
    if before is not None and before.is_folder and there is not None and there[0] == FOLDER:
        # It is emptied first; what the service keeps in it stays, and the folder with it.
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
