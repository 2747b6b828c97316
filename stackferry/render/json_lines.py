"""Lines of JSON for standard error: what `--progress json` makes of everything that is told there.

Notes are as docker compose logs them, and errors as it prints them (`error`, `message`), with the place, the code and
the hint that ours have besides. Progress itself is `display/progress.py`.
"""

import json
from collections.abc import Mapping

from stackferry.grammar.diagnostics import Diagnostic, Severity
from stackferry.render.diagnostics import diagnostic_data


def json_line(found: Mapping[str, object]) -> str:
    """One object on one line."""
    return json.dumps(found, separators=(",", ":"), ensure_ascii=False)


def note_line(message: str) -> str:
    """A note, or a line of a summary."""
    return json_line({"level": "info", "msg": message})


def diagnostic_line(diagnostic: Diagnostic) -> str:
    """A finding. What it does not have is left out."""
    known = {key: value for key, value in diagnostic_data(diagnostic).items() if value}
    level, message = known.pop("severity"), known.pop("message")
    is_error = diagnostic.severity is Severity.ERROR
    return json_line(({"error": True, "message": message} if is_error else {"level": level, "msg": message}) | known)
