"""Codacy's results: a JSON object a line."""

import json

from stackferry.render.findings.clean import text
from stackferry.render.findings.results import Results


def render(results: Results) -> str:
    """The lines; nothing for no finding."""
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
