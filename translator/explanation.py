"""The report on every key of a translation: `grammar/explanation.py` with our table, notes and manifests."""

from collections.abc import Iterable

from stackferry.grammar.explanation import Explanation, Row, Work
from stackferry.grammar.explanation import explain as account
from stackferry.grammar.source import Span
from stackferry.translator.fates import TABLE
from stackferry.translator.notes import Path
from stackferry.translator.places import Places
from stackferry.translator.translation import Translation

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
