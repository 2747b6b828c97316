"""Codacy's results: one JSON object per line."""

import json

from stackferry.render.findings.clean import text
from stackferry.render.findings.results import Results


def render(results: Results) -> str:
    """The lines; empty without findings."""
    return "".join(
        json.dumps(
            {
                "filename": text(finding.path),
                "line": finding.line,
                "message": text(finding.message),
                "patternId": finding.id,
            },
            ensure_ascii=False,
            separators=(",", ":"),
        )
        + "\n"
        for finding in results.findings
    )
