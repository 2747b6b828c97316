"""Lines of JSON for standard error: the form of all messages under `--progress json`.

Notes have the form of docker compose's log, and errors that of its errors (`error`, `message`), plus our span, code
and hint. Progress itself is in `display/progress.py`.
"""

import json
from collections.abc import Mapping

from stackferry.grammar.diagnostics import Diagnostic, Severity
from stackferry.render.diagnostics import diagnostic_data


def json_line(found: Mapping[str, object]) -> str:
    """One object on one line."""
    return json.dumps(found, separators=(",", ":"), ensure_ascii=False)


def note_line(message: str) -> str:
    """A note or a summary line."""
    return json_line({"level": "info", "msg": message})


def diagnostic_line(diagnostic: Diagnostic) -> str:
    """A diagnostic. Missing parts are omitted."""
    known = {key: value for key, value in diagnostic_data(diagnostic).items() if value}
    level, message = known.pop("severity"), known.pop("message")
    is_error = diagnostic.severity is Severity.ERROR
    return json_line(({"error": True, "message": message} if is_error else {"level": level, "msg": message}) | known)
