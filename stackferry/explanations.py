"""The account of a stack's keys that `explain` prints and `convert` sums up: loader and back end together."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from stackferry.grammar.compose.load import Loaded
from stackferry.grammar.explanation import Explanation
from stackferry.grammar.key_path import Path
from stackferry.grammar.notes import Kind
from stackferry.grammar.source import Span

if TYPE_CHECKING:
    from stackferry.emulator.desired.stack import DesiredStack
    from stackferry.translator import Translation

UNUSED = "no enabled service uses it"


def account(loaded: Loaded, translation: "Translation", *, places: bool = True) -> Explanation:
    """What became of every key that a file wrote, in the manifests. Without `places` no row says where it went."""
    from stackferry.translator import explain

    return _without_unused(loaded, lambda keys: explain(keys, translation, places=places))


def account_local(loaded: Loaded, stack: "DesiredStack") -> Explanation:
    """What becomes of every key that a file wrote, on the local engine."""
    from stackferry.emulator.desired.explanation import explain

    return _without_unused(loaded, lambda keys: explain(keys, loaded.project, stack))


def _without_unused(loaded: Loaded, explain: Callable[[Iterable[tuple[Path, Span]]], Explanation]) -> Explanation:
    """Resources that no enabled service uses are nobody's to bring anywhere."""
    found = explain(loaded.keys())
    if not loaded.unused:
        return found
    rows = (
        row._replace(kind=Kind.NOT_APPLICABLE, places=(), why=UNUSED, hint="", codes=())
        if row.path[:2] in loaded.unused
        else row
        for row in found.rows
    )
    return replace(found, rows=tuple(rows))
