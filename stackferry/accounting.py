"""The account of a stack's keys that `explain` prints and `convert` sums up: loader and translator together."""

from dataclasses import replace

from grammar.compose.load import Loaded
from translator import Explanation, Kind, Translation, explain

UNUSED = "no enabled service uses it"


def account(loaded: Loaded, translation: Translation) -> Explanation:
    """Every key that a file wrote. Resources that no enabled service uses are nobody's to translate."""
    found = explain(loaded.keys(), translation)
    rows = (
        replace(row, kind=Kind.NOT_APPLICABLE, places=(), why=UNUSED, hint="") if row.path[:2] in loaded.unused else row
        for row in found.rows
    )
    return replace(found, rows=tuple(rows))
