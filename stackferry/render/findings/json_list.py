"""hadolint's JSON: a list of objects with `code`, `column`, `file`, `level`, `line` and `message`.

Our objects also have `endLine` and `endColumn`, just after the last character, and `fix`, which is null.
"""

import json

from stackferry.render.findings.clean import text
from stackferry.render.findings.results import Results


def render(results: Results) -> str:
    """The list, on one line."""
    found = [
        {
            "code": finding.id,
            "column": finding.column,
            "endColumn": finding.end_column,
            "endLine": finding.end_line,
            "file": text(finding.path),
            "fix": finding.fix,
            "level": finding.severity,
            "line": finding.line,
            "message": text(finding.message),
        }
        for finding in results.findings
    ]
    return json.dumps(found, ensure_ascii=False, separators=(",", ":")) + "\n"
