"""Accounts for every key in the files: joins the keys with a back end's table of fates and its notes.

Runs last, after a back end has done its work. Every place that a fate or note names is looked up in the output, so
that the report never sends a reader to a field that does not exist. Services and resources are handled one at a time,
because the fate of a key depends on nothing outside its own service or resource: a large stack has a hundred thousand
keys, and the report needs few of them twice.

    keys of one service -> as written -> fates and notes -> rows, or only their number
"""

from collections.abc import Container, Iterable, Iterator, Mapping
from itertools import groupby

from stackferry.grammar.explanation import Explanation, Row, Work
from stackferry.grammar.fates import Fate
from stackferry.grammar.key_path import Path
from stackferry.grammar.notes import Kind, Note, nearest
from stackferry.grammar.source import Span

_Fates = dict[Path, tuple[Span, Fate]]
_Notes = Mapping[Path, tuple[Note, ...]]


def explain(
    keys: Iterable[tuple[Path, Span]], work: Work, *, places: bool = True, every_row: bool = True
) -> Explanation:
    """Account for every key. `keys` is `Loaded.keys()`: the canonical path and place of each key in the files.

    Without `places`, rows do not say where their keys went; that takes half the time and the fates are the same.
    Without `every_row`, faithful keys are only counted.

    A section (`services.web`) has a row only if it has a meaning of its own. The items of a list of
    plain values (`cap_add`) share the list's row, the parts of a short form (`8080:80`) share the row of the
    whole. Keys of disabled services are left out.
    """
    account = _Account(work, places=places, every_row=every_row)
    for group, part in groupby(keys, lambda key: key[0][:2]):
        account.add(group, dict(part))
    return account.closed()


class _Account:
    """The report so far. `sections` are the top-level keys, `above` the fates of top-level paths.

    `notes` are the notes that no row has yet, by the service or resource that they are about.
    """

    def __init__(self, work: Work, *, places: bool, every_row: bool) -> None:
        self.work, self.places, self.every_row = work, places, every_row
        project = work.project
        self.disabled = {("services", name) for name in project.disabled if name not in project.services}
        self.notes: dict[Path, list[Note]] = {}
        for note in work.notes:
            self.notes.setdefault(note.path[:2], []).append(note)
        self.sections: dict[Path, Span] = {}
        self.scattered: set[Path] = {()}
        self.above: _Fates = {}
        self.inner: set[Path] = set()
        self.sources: dict[str, None] = {}
        self.rows: list[Row] = []
        self.kinds: list[Kind] = []

    def add(self, group: Path, spans: dict[Path, Span]) -> None:
        """Account for the keys of a service or resource."""
        if len(group) < 2:
            self.sections.update(spans)
        fates: _Fates = {}
        fate_of = self.work.table.fate_of
        for path, span in self._as_written(spans) if group not in self.disabled else ():
            found = fate_of(path)
            if found is not None:
                known, _, fate = found
                (fates if len(known) > 1 else self.above).setdefault(known, (span, fate))
        if fates:
            self.inner.add(group[:1])
        if len(group) > 1:
            self._tell(group, fates, _inner(fates), _assigned(self.notes.pop(group, ()), fates))

    def closed(self) -> Explanation:
        """The finished report, with rows for sections and for notes about keys that no file wrote."""
        for group, notes in self.notes.items():
            if len(group) > 1:
                self._tell(group, {}, (), _assigned(notes, {}))
        rest = [note for group, notes in self.notes.items() if len(group) < 2 for note in notes]
        self._tell((), self.above, self.inner, _assigned(rest, self.above))
        order = {name: place for place, name in enumerate(self.sources)}
        self.rows.sort(key=lambda row: (order[row.span.source], *row.span[1:]) if row.span else (len(order),))
        counts = {kind: self.kinds.count(kind) for kind in Kind}
        return Explanation(tuple(self.rows), self.work.objects, self.work.noun, counts)

    def _as_written(self, spans: dict[Path, Span]) -> Iterator[tuple[Path, Span]]:
        """The keys without those that loading made from a short form, whose parts all have the same place."""
        scattered: set[Path] = set()
        aboves = [path[:-1] if path[:-1] in spans else self._above(path, spans) for path in spans]
        for above, span in zip(aboves, spans.values(), strict=True):
            if above not in scattered and spans.get(above) != span and self.sections.get(above) != span:
                here = above
                while here not in scattered and here not in self.scattered:
                    (scattered if len(here) > 1 else self.scattered).add(here)
                    here = self._above(here, spans)
        scattered |= self.scattered
        return (
            (path, span)
            for (path, span), above in zip(spans.items(), aboves, strict=True)
            if above in scattered or path[:-1] in scattered
        )

    def _above(self, path: Path, spans: Mapping[Path, Span]) -> Path:
        """The nearest parent path that a file wrote, or the empty path."""
        above = path[:-1]
        while above and above not in spans and above not in self.sections:
            above = above[:-1]
        return above

    def _tell(self, group: Path, fates: _Fates, inner: Container[Path], notes: _Notes) -> None:
        """Add rows for all paths with a fate or a note; faithful ones may only be counted."""
        self.sources |= dict.fromkeys(span.source for span, _ in fates.values())
        amend = self.work.amended.get(group)
        plain: list[tuple[Path, Span, Fate]] = []
        rows: list[Row] = []
        for path in (*fates, *(path for path in notes if path not in fates)):
            if path in inner and path not in notes:
                continue
            span, fate = fates.get(path, (None, None))
            if self.every_row or amend or path in notes or span is None or not (fate and fate.kind.faithful):
                rows.append(self._row(path, span or self._nearest(path, fates), fate, notes.get(path, ())))
            else:
                plain.append((path, span, fate))
        worst = _worst(rows)
        rows = [self._shared(row, fates, notes, worst) for row in rows] if worst else rows
        for path, span, fate in plain:
            if worst and fate.places and _item(path) in worst:
                row = self._shared(self._row(path, span, fate, ()), fates, notes, worst)
                if not row.kind.faithful:
                    rows.append(row)
                    continue
            self.kinds.append(fate.kind)
        for row in map(amend, rows) if amend else rows:
            self.kinds.append(row.kind)
            if self.every_row or not row.kind.faithful:
                self.rows.append(row)

    def _nearest(self, path: Path, fates: _Fates) -> Span | None:
        return nearest(path, lambda one: (fates.get(one) or self.above.get(one) or (None,))[0])

    def _row(self, path: Path, span: Span | None, fate: Fate | None, notes: tuple[Note, ...]) -> Row:
        """Make a row; a note overrides the table's fate."""
        known = fate or (self.work.table.fate_of(path) or (path, "", None))[2]
        places = self._places(path, known) if known and self.places else ()
        if not notes:
            if known is None:
                return Row(path, span, Kind.NOT_YET, (), "unknown to stackferry")
            unwritten = self.places and known.kind is Kind.EXACT and known.places and not places
            return Row(path, span, known.kind, places, self.work.default if unwritten else known.why)
        kind = max((note.kind for note in notes), key=lambda one: one.badness)
        why = "; ".join(dict.fromkeys(note.message for note in notes))
        hint = "\n".join(dict.fromkeys(note.hint for note in notes if note.hint))
        return Row(path, span, kind, places, why, hint, tuple(dict.fromkeys(note.code for note in notes)))

    def _places(self, path: Path, fate: Fate) -> tuple[str, ...]:
        return tuple(dict.fromkeys(place for one in fate.places for place in self.work.look_up(one, path)))

    def _shared(self, row: Row, fates: _Fates, notes: Container[Path], worst: Mapping[Path, Row]) -> Row:
        """The row, with the item's fate if the key is part of an item that went nowhere (`volumes[0].read_only`).

        Not if the key was to go nowhere anyway, or if a note says more about it.
        """
        found = worst.get(_item(row.path))
        if found is None or row.path in notes or row.path not in fates:
            return row
        fate = fates[row.path][1]
        if not fate.places or row.places or self._places(row.path, fate):
            return row
        return row._replace(kind=found.kind, why=found.why, codes=found.codes)


def _inner(fates: Iterable[Path]) -> set[Path]:
    """The paths that have other paths below them."""
    inner: set[Path] = set()
    for path in fates:
        while (path := path[:-1]) and path not in inner:
            inner.add(path)
    return inner


def _worst(rows: Iterable[Row]) -> Mapping[Path, Row]:
    """The row with the worst fate for each item."""
    worst: dict[Path, Row] = {}
    for row in rows:
        if row.kind.faithful:
            continue
        item = _item(row.path)
        if item and not (item in worst and worst[item].kind.badness >= row.kind.badness):
            worst[item] = row
    return worst


def _item(path: Path) -> Path:
    """The list item or top-level entry that the path belongs to; empty if there is none."""
    if path[0] in ("volumes", "configs", "secrets"):
        return path[:2]
    for end in range(len(path), 0, -1):
        if type(path[end - 1]) is int:
            return path[:end]
    return ()


def _assigned(notes: Iterable[Note], fates: Container[Path]) -> _Notes:
    """The notes of each row: a note belongs to its nearest parent key that a file wrote.

    What loading added by itself (the default network, a dependency implied by `links`) needs no row.
    """
    found: dict[Path, tuple[Note, ...]] = {}
    for note in notes:
        path = next((note.path[:end] for end in range(len(note.path), 2, -1) if note.path[:end] in fates), note.path)
        if path in fates or note.kind.badness > Kind.APPROXIMATED.badness:
            found[path] = (*found.get(path, ()), note)
    return found
