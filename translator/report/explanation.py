"""The report on every key of a translation: `grammar/explanation.py` with our table, notes and manifests.

`places.py` looks up where a key went.
"""

from collections.abc import Iterable
from dataclasses import replace

from stackferry.grammar.explanation import Explanation, Row, Work
from stackferry.grammar.explanation import explain as account
from stackferry.grammar.source import Span
from stackferry.translator.fates import TABLE
from stackferry.translator.notes import Kind, Path
from stackferry.translator.report.places import Places
from stackferry.translator.translation import Translation

__all__ = ["DEFAULT", "Explanation", "Row", "explain"]

DEFAULT = "nothing to write: Kubernetes does the same by itself"


def explain(keys: Iterable[tuple[Path, Span]], translation: Translation, *, places: bool = True) -> Explanation:
    """Account for every key. `keys` is `Loaded.keys()`. Without `places` no row says where its key went."""
    work = Work(
        translation.project,
        TABLE,
        tuple(translation.notes),
        Places(translation).look_up,
        len(translation.objects),
        "object",
        DEFAULT,
    )
    silent = translation.silent
    told = ((path, span) for path, span in keys if path[:4] not in silent) if silent else keys
    return _without_provided(account(told, work, places=places), translation)


def _without_provided(found: Explanation, translation: Translation) -> Explanation:
    """Nothing else of a service that a provider stands for means anything here: no workload is made of it."""
    provided = {name for name, service in translation.project.services.items() if service.provider is not None}
    if not provided:
        return found
    rows = tuple(
        row._replace(kind=Kind.NOT_APPLICABLE, places=(), why=_PROVIDED)
        if row.path[0] == "services" and row.path[1] in provided and row.kind is Kind.EXACT
        else row
        for row in found.rows
    )
    return replace(found, rows=rows)


_PROVIDED = "no workload is made of the service: its provider does not run on Kubernetes"
