"""The account of a stack's keys that `explain` prints and `convert` sums up: loader and back end together."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from stackferry.grammar.compose.load import Loaded
from stackferry.grammar.explanation import Amend, Explanation, Row
from stackferry.grammar.key_path import Path
from stackferry.grammar.notes import Kind

if TYPE_CHECKING:
    from stackferry.emulator.desired.stack import DesiredStack
    from stackferry.translator import Translation

UNUSED = "not used by any enabled service"


def account(loaded: Loaded, translation: "Translation", *, places: bool = True, every_row: bool = True) -> Explanation:
    """What became of every key of the files in the manifests. Without `places`, rows do not say where a key went.

    Without `every_row`, keys that translate exactly are only counted.
    """
    from stackferry.translator import explain

    return explain(loaded.keys(), translation, amended=_unused(loaded), places=places, every_row=every_row)


def account_local(loaded: Loaded, stack: "DesiredStack") -> Explanation:
    """What becomes of every key of the files on the local engine."""
    from stackferry.emulator.desired.explanation import explain

    return explain(loaded.keys(), loaded.project, stack, _unused(loaded))


def _unused(loaded: Loaded) -> Mapping[Path, Amend]:
    """Mark resources that no enabled service uses as not applicable: no back end creates them."""
    return dict.fromkeys(loaded.unused, _nowhere)


def _nowhere(row: Row) -> Row:
    return row._replace(kind=Kind.NOT_APPLICABLE, places=(), why=UNUSED, hint="", codes=())
