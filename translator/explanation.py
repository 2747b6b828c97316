"""The report on every key of a translation: `grammar/explanation.py` with our table, notes and manifests."""

from collections.abc import Iterable

from grammar.explanation import Explanation, Row, Work
from grammar.explanation import explain as account
from grammar.source import Span
from translator.fates import TABLE
from translator.notes import Path
from translator.places import Places
from translator.translation import Translation

__all__ = ["DEFAULT", "Explanation", "Row", "explain"]

DEFAULT = "nothing to write: Kubernetes does the same by itself"


def explain(keys: Iterable[tuple[Path, Span]], translation: Translation) -> Explanation:
    """Account for every key. `keys` is `Loaded.keys()`."""
    work = Work(
        translation.project,
        TABLE,
        tuple(translation.notes),
        Places(translation).look_up,
        len(translation.objects),
        "object",
        DEFAULT,
    )
    return account(keys, work)
