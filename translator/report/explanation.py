"""The report on every key of a translation: `grammar/accounting.py` with our table, notes and manifests.

`places.py` looks up where a key went.
"""

from collections.abc import Iterable, Mapping

from stackferry.grammar.accounting import explain as account
from stackferry.grammar.explanation import Amend, Explanation, Row, Work
from stackferry.grammar.source import Span
from stackferry.translator.fates import TABLE
from stackferry.translator.notes import Kind, Path
from stackferry.translator.report.places import Places
from stackferry.translator.translation import Translation

__all__ = ["DEFAULT", "Explanation", "Row", "explain"]

DEFAULT = "nothing to write: this is what Kubernetes does by default"
_NONE: Mapping[Path, Amend] = {}


def explain(
    keys: Iterable[tuple[Path, Span]],
    translation: Translation,
    *,
    amended: Mapping[Path, Amend] = _NONE,
    places: bool = True,
    every_row: bool = True,
) -> Explanation:
    """Account for every key. `keys` is `Loaded.keys()`. Without `places` no row says where its key went.

    `amended` changes the rows of whole resources. Without `every_row` keys without problems are only counted.
    """
    services = translation.project.services.items()
    provided: dict[Path, Amend] = {("services", name): _provided for name, one in services if one.provider is not None}
    work = Work(
        translation.project,
        TABLE,
        tuple(translation.notes),
        Places(translation).look_up,
        len(translation.objects),
        "object",
        DEFAULT,
        {**provided, **amended},
    )
    silent = translation.silent
    told = ((path, span) for path, span in keys if path[:4] not in silent) if silent else keys
    return account(told, work, places=places, every_row=every_row)


def _provided(row: Row) -> Row:
    """The row of another key of a provider's service: it does not apply, because no workload is made of the service."""
    return row._replace(kind=Kind.NOT_APPLICABLE, places=(), why=_PROVIDED) if row.kind is Kind.EXACT else row


_PROVIDED = "no workload is created for the service: its provider does not run on Kubernetes"
