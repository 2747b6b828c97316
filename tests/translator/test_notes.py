"""Notes as diagnostics."""

from stackferry.grammar.diagnostics import Severity
from stackferry.grammar.key_path import Path, dotted
from stackferry.grammar.source import Span
from stackferry.translator.notes import Kind, Notes, diagnostics


def test_worst_is_last() -> None:
    assert [kind for kind in Kind if kind.faithful] == [Kind.EXACT, Kind.NOT_APPLICABLE]
    assert max(Kind, key=lambda kind: kind.badness) is Kind.NOT_YET


def test_findings_stand_in_the_order_of_the_file_at_the_nearest_key() -> None:
    notes = Notes()
    notes.approximated(("services", "web", "user"), "a", "one")
    notes.action(("services", "db", "ports", 0, "mode"), "b", "two", "do this")
    notes.fine(("services", "db", "image"), "c", "three")
    places: dict[Path, Span] = {
        ("services", "web", "user"): Span("f", 9, 1),
        ("services", "db", "ports", 0): Span("f", 3, 1),
    }

    found = diagnostics(notes, places.get)

    assert [str(one) for one in found] == [
        "f:3:1: warning[b]: services.db.ports[0].mode: two\n  hint: do this",
        "f:9:1: info[a]: services.web.user: one",
    ]
    assert found[0].severity is Severity.WARNING


def test_dotted() -> None:
    assert dotted(("a", 0, "b", "c.d")) == "a[0].b.c.d"
