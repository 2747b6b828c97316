"""The report on every key: where it was written, what became of it, where it went, and why.

The types only; `accounting.py` makes the report from the keys of the files and a back end's results.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import field
from typing import NamedTuple

from stackferry.grammar.compose.model.model import Project
from stackferry.grammar.fates import Table
from stackferry.grammar.key_path import Path, dotted
from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.grammar.notes import Kind, Note
from stackferry.grammar.source import Span

LookUp = Callable[[str, Path], Iterable[str]]
"""Maps (place in a fate, path of the key) to the matching places in the output; none if there are none."""


@dataclass(frozen=True, slots=True)
class Work:
    """What a back end made of a project: `objects` is the number of its output objects, `noun` is what they are called.

    `default` is the text for a key that the back end's own default covers, so that nothing had to be written. `amended`
    replaces the rows of a whole service or resource (`("services", "web")`) once all its rows are known.
    """

    project: Project
    table: Table
    notes: tuple[Note, ...]
    look_up: LookUp
    objects: int
    noun: str
    default: str
    amended: "Mapping[Path, Amend]" = field(default_factory=dict)


class Row(NamedTuple):
    """One key of the input. `places` are fields of the output, like `Deployment/web spec.replicas`.

    `codes` are those of the notes that decide the fate; empty if the table of fates decides.
    A named tuple, not a dataclass: one is made for every key of a file.
    """

    path: Path
    span: Span | None
    kind: Kind
    places: tuple[str, ...]
    why: str
    hint: str = ""
    codes: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The key as people write it: `services.web.ports[0]`."""
        return dotted(self.path)

    def __str__(self) -> str:
        where = f"{self.span} " if self.span else ""
        places = "".join(f"\n  -> {place}" for place in self.places)
        hint = "".join(f"\n  hint: {line}" for line in self.hint.splitlines())
        return f"{where}{self.key}: {self.kind.value}: {self.why}{places}{hint}"


Amend = Callable[[Row], Row]


@dataclass(frozen=True, slots=True)
class Explanation:
    """All rows in the order of the files, the number of output objects, and what they are called.

    `counts` says how many keys have each fate; faithful keys may have no rows.
    """

    rows: tuple[Row, ...]
    objects: int
    noun: str
    counts: Mapping[Kind, int]

    @property
    def faithful(self) -> bool:
        """Whether `--strict` passes: every key is exact or not applicable."""
        return all(kind.faithful for kind, count in self.counts.items() if count)

    def __str__(self) -> str:
        return "".join(f"{row}\n" for row in self.rows) + self.summary() + "\n"

    def summary(self) -> str:
        """One line: `12 objects; 41 keys: 33 exact, 5 approximated, 3 need action`."""
        counts = [(kind, self.counts[kind]) for kind in _ORDER if self.counts.get(kind)]
        parts = [f"{count} {_words(kind, count)}" for kind, count in counts]
        total = sum(self.counts.values())
        keys = f"{total} key{'s' * (total != 1)}"
        return f"{self.objects} {self.noun}{'s' * (self.objects != 1)}; {keys}" + (
            f": {', '.join(parts)}" if parts else ""
        )


_ORDER = (Kind.EXACT, Kind.APPROXIMATED, Kind.NEEDS_ACTION, Kind.NOT_YET, Kind.NOT_APPLICABLE)


def _words(kind: Kind, count: int) -> str:
    return "need action" if kind is Kind.NEEDS_ACTION and count != 1 else kind.value
