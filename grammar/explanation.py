"""The report on every key: where it was written, what became of it, where it went, and why.

Last look at the work of a back end: joins the keys of the files, its table of fates and its notes, and looks
every place up in what was made, so that nothing is said to have gone where it is not.
"""

from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from stackferry.grammar.compose.model.model import Project
from stackferry.grammar.fates import Fate, Table
from stackferry.grammar.key_path import Path, dotted
from stackferry.grammar.notes import Kind, Note, nearest
from stackferry.grammar.source import Span

LookUp = Callable[[str, Path], Iterable[str]]
"""(place of a fate, path of the key) to the places in what was made; none if it is not there."""


@dataclass(frozen=True, slots=True)
class Work:
    """What a back end did with a project: `objects` counts what it made, `noun` is what they are called.

    `default` is said of a key that the back end's own default covers, so that nothing had to be written.
    """

    project: Project
    table: Table
    notes: tuple[Note, ...]
    look_up: LookUp
    objects: int
    noun: str
    default: str


class Row(NamedTuple):
    """One key of the input. `places` are fields of what was made, like `Deployment/web spec.replicas`.

    `codes` are those of the notes that speak for it; none if the table of fates does.
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


@dataclass(frozen=True, slots=True)
class Explanation:
    """Every row, in the order of the files, and how many objects there are, by what they are called."""

    rows: tuple[Row, ...]
    objects: int
    noun: str = "object"

    @property
    def faithful(self) -> bool:
        """Whether `--strict` is content: nothing is worse than exact, except what is not applicable."""
        return all(row.kind.faithful for row in self.rows)

    def __str__(self) -> str:
        return "".join(f"{row}\n" for row in self.rows) + self.summary() + "\n"

    def summary(self) -> str:
        """One line: `12 objects; 41 keys: 33 exact, 5 approximated, 3 need action`."""
        counts = Counter(row.kind for row in self.rows)
        parts = [f"{counts[kind]} {_words(kind, counts[kind])}" for kind in _ORDER if counts[kind]]
        keys = f"{len(self.rows)} key{'s' * (len(self.rows) != 1)}"
        return f"{self.objects} {self.noun}{'s' * (self.objects != 1)}; {keys}" + (
            f": {', '.join(parts)}" if parts else ""
        )


_ORDER = (Kind.EXACT, Kind.APPROXIMATED, Kind.NEEDS_ACTION, Kind.NOT_YET, Kind.NOT_APPLICABLE)


def _words(kind: Kind, count: int) -> str:
    return "need action" if kind is Kind.NEEDS_ACTION and count != 1 else kind.value


def explain(keys: Iterable[tuple[Path, Span]], work: Work, *, places: bool = True) -> Explanation:
    """Account for every key. `keys` is `Loaded.keys()`: canonical path and place of all that a file wrote.

    Without `places` no row says where its key went, which takes half the time; the fates are the same.

    A section (`services.web`) has a row only if it says something by itself; the items of a list of
    plain values (`cap_add`) share the row of the list, the parts of a short form (`8080:80`) that of the
    whole. What is under a disabled service is left out.
    """
    spans: dict[Path, Span] = {}
    fates: dict[Path, Fate] = {}
    disabled = {("services", name) for name in work.project.disabled if name not in work.project.services}
    for path, span in _as_written(dict(keys)):
        found = work.table.fate_of(path)
        if found is not None and path[:2] not in disabled:
            spans.setdefault(found[0], span)
            fates.setdefault(found[0], found[2])
    notes = _assign(work.notes, fates)
    inner: set[Path] = set()
    for path in fates:
        while (path := path[:-1]) and path not in inner:
            inner.add(path)
    rows = [
        _row(path, spans.get(path) or nearest(path, spans.get), fates.get(path), notes.get(path, ()), work, places)
        for path in (*fates, *(path for path in notes if path not in fates))
        if path not in inner or path in notes
    ]
    rows = _share(rows, fates, notes, work)
    order = {name: place for place, name in enumerate(dict.fromkeys(span.source for span in spans.values()))}
    rows.sort(key=lambda row: (order[row.span.source], row.span.line, row.span.column) if row.span else (len(order),))
    return Explanation(tuple(rows), work.objects, work.noun)


def _as_written(spans: dict[Path, Span]) -> Iterator[tuple[Path, Span]]:
    """The keys without those that loading made of a short form: there, all parts stand in one place."""
    scattered: set[Path] = set()
    for path, span in spans.items():
        above = _above(path, spans)
        if spans.get(above) != span:
            while above not in scattered:
                scattered.add(above)
                above = _above(above, spans)
    return ((path, span) for path, span in spans.items() if path[:-1] in scattered or _above(path, spans) in scattered)


def _above(path: Path, spans: Mapping[Path, Span]) -> Path:
    """The nearest path above that a file wrote, or the empty one."""
    above = path[:-1]
    while above and above not in spans:
        above = above[:-1]
    return above


def _share(rows: list[Row], fates: Mapping[Path, Fate], notes: Container[Path], work: Work) -> list[Row]:
    """What says more about an item that went nowhere (`volumes[0].read_only`) shares the item's fate.

    But for that which should have gone nowhere, or about which a note says more.
    """
    worst: dict[Path, Row] = {}
    for row in rows:
        if row.kind.faithful:
            continue
        item = _item(row.path)
        if item and not (item in worst and worst[item].kind.badness >= row.kind.badness):
            worst[item] = row
    return [
        row._replace(kind=worst[item].kind, why=worst[item].why, codes=worst[item].codes)
        if worst
        and (item := _item(row.path)) in worst
        and row.path in fates
        and row.path not in notes
        and fates[row.path].places
        and not (row.places or _places(row.path, fates[row.path], work))
        else row
        for row in rows
    ]


def _item(path: Path) -> Path:
    """The item of a list or of a top-level section that the path is part of; empty if it is of none."""
    if path[0] in ("volumes", "configs", "secrets"):
        return path[:2]
    for end in range(len(path), 0, -1):
        if type(path[end - 1]) is int:
            return path[:end]
    return ()


def _assign(notes: Iterable[Note], fates: dict[Path, Fate]) -> dict[Path, tuple[Note, ...]]:
    """The notes of each row: a note belongs to the nearest key above it that a file wrote.

    What loading implied by itself (the default network, a dependency by way of `links`) needs no row.
    """
    found: dict[Path, tuple[Note, ...]] = {}
    for note in notes:
        path = next((note.path[:end] for end in range(len(note.path), 2, -1) if note.path[:end] in fates), note.path)
        if path in fates or note.kind.badness > Kind.APPROXIMATED.badness:
            found[path] = (*found.get(path, ()), note)
    return found


def _places(path: Path, fate: Fate, work: Work) -> tuple[str, ...]:
    return tuple(dict.fromkeys(place for one in fate.places for place in work.look_up(one, path)))


def _row(path: Path, span: Span | None, fate: Fate | None, notes: tuple[Note, ...], work: Work, looked_up: bool) -> Row:
    """A note speaks for its use and overrides the table."""
    known = fate or (work.table.fate_of(path) or (path, "", None))[2]
    places = _places(path, known, work) if known and looked_up else ()
    if not notes:
        if known is None:
            return Row(path, span, Kind.NOT_YET, (), "unknown to stackferry")
        unwritten = looked_up and known.kind is Kind.EXACT and known.places and not places
        return Row(path, span, known.kind, places, work.default if unwritten else known.why)
    kind = max((note.kind for note in notes), key=lambda one: one.badness)
    why = "; ".join(dict.fromkeys(note.message for note in notes))
    hint = "\n".join(dict.fromkeys(note.hint for note in notes if note.hint))
    return Row(path, span, kind, places, why, hint, tuple(dict.fromkeys(note.code for note in notes)))
