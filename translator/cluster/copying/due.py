"""Which copies have to be made: the checksum that a claim carries, beside that of what is here now."""

from collections.abc import Callable, Iterable, Iterator

from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.translator.cluster.copying.entries import Listing
from stackferry.translator.cluster.copying.host_folder import HostFolder
from stackferry.translator.cluster.held import Held
from stackferry.translator.volumes.filling.copies import Copy, Rule

ANNOTATION = "stackferry/copied"
"""On a claim: the checksum of what was copied into it last, or `IN_USE`."""
IN_USE = "in-use"
"""The claim held data before anything was copied, so nothing ever is."""


@dataclass(frozen=True, slots=True)
class Due:
    """One copy that has to be made; `is_first`: nothing was copied into the claim before."""

    here: HostFolder
    is_first: bool

    @property
    def copy(self) -> Copy:
        """What is copied, and by which rule."""
        return self.here.copy

    @property
    def listing(self) -> Listing:
        """What is here."""
        return self.here.listing

    def __str__(self) -> str:
        what = "copy into" if self.is_first else "copy what has changed into"
        return f"{what} PersistentVolumeClaim/{self.copy.claim}\n  {self.copy.shown}: {amount(self.listing)}"


def due(copies: Iterable[Copy], there: Held, read: Callable[[Copy], HostFolder]) -> Iterator[Due]:
    """Those of a stack. `read` looks at what is here; it is not asked where that does not matter."""
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
    """How much that is."""
    return f"{found.files} file{'' if found.files == 1 else 's'}, {size(found.size)}"
