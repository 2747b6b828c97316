"""Decides which copies are due: compares the checksum recorded on a claim with that of the files here."""

from collections.abc import Callable, Iterable, Iterator

from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.translator.cluster.copying.entries import Listing
from stackferry.translator.cluster.copying.host_folder import HostFolder
from stackferry.translator.cluster.held import Held
from stackferry.translator.volumes.filling.copies import Copy, Rule

ANNOTATION = "stackferry/copied"
"""Annotation of a claim: the checksum of the last copy into it, or `IN_USE`."""
IN_USE = "in-use"
"""The claim held data before the first copy, so nothing is ever copied into it."""


@dataclass(frozen=True, slots=True)
class Due:
    """One copy that is due; `is_first`: nothing has been copied into the claim yet."""

    here: HostFolder
    is_first: bool

    @property
    def copy(self) -> Copy:
        """What is copied, and by which rule."""
        return self.here.copy

    @property
    def listing(self) -> Listing:
        """The listing of the files here."""
        return self.here.listing

    def __str__(self) -> str:
        what = "copy into" if self.is_first else "copy what has changed into"
        return f"{what} PersistentVolumeClaim/{self.copy.claim}\n  {self.copy.shown}: {amount(self.listing)}"


def due(copies: Iterable[Copy], there: Held, read: Callable[[Copy], HostFolder]) -> Iterator[Due]:
    """The copies of a stack that are due. `read` lists the files here; it is called only where that matters."""
    for copy in copies:
        claim = there.objects.get(f"PersistentVolumeClaim/{copy.claim}")
        known = ((claim or {}).get("metadata", {}).get("annotations") or {}).get(ANNOTATION)
        if known == IN_USE or (known is not None and copy.rule is Rule.ONCE):
            continue
        here = read(copy)
        if here.listing.checksum() != known:
            yield Due(here, known is None)


_UNITS = ("B", "kB", "MB", "GB", "TB")


def size(number: float) -> str:
    """Bytes as people read them: `150.0 MB`."""
    for unit in _UNITS:
        if number < 1000 or unit == _UNITS[-1]:
            break
        number /= 1000
    return f"{number:.0f} {unit}" if unit == "B" else f"{number:.1f} {unit}"


def amount(found: Listing) -> str:
    """The number of files and their size, for people."""
    return f"{found.files} file{'' if found.files == 1 else 's'}, {size(found.size)}"
