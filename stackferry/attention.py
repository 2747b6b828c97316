"""Chooses what `convert` reports about a stack: what needs action, lossy translations, lost security controls."""

from typing import TYPE_CHECKING

from stackferry.grammar.diagnostics import Diagnostic, Severity, StackferryError
from stackferry.grammar.key_path import dotted
from stackferry.grammar.notes import SEVERITY, Kind, nearest

if TYPE_CHECKING:
    from stackferry.grammar.compose.load import Loaded
    from stackferry.grammar.explanation import Explanation
    from stackferry.session import Session
    from stackferry.translator import Translation

_CODES = {
    Kind.APPROXIMATED: "kubernetes-approximated",
    Kind.NEEDS_ACTION: "kubernetes-needs-action",
    Kind.NOT_YET: "kubernetes-not-yet",
}
"""Diagnostic codes for fates that come from the table; a note has its own code."""


def findings(
    loaded: "Loaded", translation: "Translation", explanation: "Explanation", *, lossy: bool = False
) -> list[Diagnostic]:
    """Diagnostics for the notes that need action, and for keys whose fate does but that have no note.

    With `lossy`, also for what works with a difference.
    """
    from stackferry.translator import diagnostics

    shown = [kind for kind in Kind if lossy or SEVERITY[kind] is not Severity.INFO]
    found = list(diagnostics([note for note in translation.notes if note.kind in shown], loaded.origin))
    told = {note.path for note in translation.notes}
    rows = [row for row in explanation.rows if row.kind in shown and row.kind in _CODES and row.path not in told]
    if rows:
        noted = {note.path[:length] for note in translation.notes for length in range(len(note.path) + 1)}
        found += [
            Diagnostic(_CODES[row.kind], SEVERITY[row.kind], f"{row.key}: {row.why}", row.span, row.hint)
            for row in rows
            if row.path not in noted
        ]
    return found


def refuse_unfit(session: "Session", translation: "Translation", undone: str) -> None:
    """Raise StackferryError if the manifests are inconsistent, a bug of ours; `undone` says what was not done."""
    from stackferry.translator import check

    complaints = check(translation.objects, translation.existing)
    if complaints:
        session.report(complaints)
        raise StackferryError(
            f"internal error: the manifests are inconsistent; {undone}",
            "this is a bug in stackferry: please report it with the compose file and the lines above",
        )


def lost(loaded: "Loaded", translation: "Translation", explanation: "Explanation") -> list[Diagnostic]:
    """An error for each security control that the manifests do not have."""
    from stackferry.translator.report.security_controls import lost_controls

    return [
        Diagnostic(
            "lost-security-control",
            Severity.ERROR,
            f"{dotted(one.path)}: {one.reason}: {one.message}",
            nearest(one.path, loaded.origin),
            one.hint,
        )
        for one in lost_controls(translation.notes, explanation.rows)
        if one.path[:2] not in loaded.unused
    ]
