"""A back end's remarks on single uses of a key: a note has the key's path and its fate there.

Every pass of a back end reports into one `Notes`. A note overrides the back end's table of fates for
this one use (`user` is exact as a number, needs action as a name); the command line adds file and line.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import field
from enum import Enum

from stackferry.grammar.diagnostics import Diagnostic, Severity
from stackferry.grammar.key_path import Path, dotted
from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.grammar.source import Span


class Kind(Enum):
    """What becomes of a compose key on a back end, from best to worst."""

    EXACT = "exact"
    NOT_APPLICABLE = "not applicable"
    APPROXIMATED = "approximated"
    NEEDS_ACTION = "needs action"
    NOT_YET = "not yet supported"

    @property
    def badness(self) -> int:
        """Rank from best (0) to worst."""
        return _BADNESS[self]

    @property
    def faithful(self) -> bool:
        """Whether `--strict` passes.

        A key that is not applicable (obsolete, build-time, resolved while loading, a setting of the
        local engine) loses no behaviour of the running stack, so it passes.
        """
        return self is Kind.EXACT or self is Kind.NOT_APPLICABLE


_BADNESS = {kind: place for place, kind in enumerate(Kind)}

SEVERITY = {
    Kind.EXACT: Severity.INFO,
    Kind.NOT_APPLICABLE: Severity.INFO,
    Kind.APPROXIMATED: Severity.INFO,
    Kind.NEEDS_ACTION: Severity.WARNING,
    Kind.NOT_YET: Severity.WARNING,
}


@dataclass(frozen=True, slots=True)
class Note:
    """One remark. `path` is the canonical path of the key, `code` is stable, `hint` says what to do."""

    path: Path
    kind: Kind
    code: str
    message: str
    hint: str = ""

    def diagnostic(self, span: Span | None) -> Diagnostic:
        """The note as a finding at `span`."""
        return Diagnostic(self.code, SEVERITY[self.kind], f"{dotted(self.path)}: {self.message}", span, self.hint)

    def __str__(self) -> str:
        text = f"{dotted(self.path)}: {self.kind.value} [{self.code}] {self.message}"
        return f"{text}\n  {self.hint}" if self.hint else text


@dataclass(slots=True)
class Notes:
    """The list that the passes of one run report into."""

    found: list[Note] = field(default_factory=list)

    def approximated(self, path: Path, code: str, message: str, hint: str = "") -> None:
        """The key works, with a difference worth knowing."""
        self.found.append(Note(path, Kind.APPROXIMATED, code, message, hint))

    def action(self, path: Path, code: str, message: str, hint: str = "") -> None:
        """The stack behaves differently until the user does what `hint` says."""
        self.found.append(Note(path, Kind.NEEDS_ACTION, code, message, hint))

    def later(self, path: Path, code: str, message: str, hint: str = "") -> None:
        """Stackferry does not support this yet."""
        self.found.append(Note(path, Kind.NOT_YET, code, message, hint))

    def fine(self, path: Path, code: str, message: str) -> None:
        """This use is exact, although the table of fates says less."""
        self.found.append(Note(path, Kind.EXACT, code, message))

    def __iter__(self) -> Iterator[Note]:
        return iter(self.found)


Origin = Callable[[Path], Span | None]
"""The place of a canonical path; `Loaded.origin` is such a function."""


def nowhere(path: Path) -> Span | None:
    """The origin function of a model that was not loaded from files."""
    return None


def diagnostics(notes: Iterable[Note], origin: Origin) -> tuple[Diagnostic, ...]:
    """The notes that the user should read, as findings in file order.

    A path that no file wrote has the place of its nearest parent.
    """
    found = [(note, nearest(note.path, origin)) for note in notes if not note.kind.faithful]
    found.sort(key=lambda pair: (pair[1] is None, pair[1] or Span("", 0, 0)))
    return tuple(note.diagnostic(span) for note, span in found)


def nearest(path: Path, origin: Origin) -> Span | None:
    """The place of a path, or of its nearest parent that a file wrote."""
    for end in range(len(path), 0, -1):
        span = origin(path[:end])
        if span is not None:
            return span
    return None
