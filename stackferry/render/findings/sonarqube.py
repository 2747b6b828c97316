"""SonarQube's generic issues, as hadolint writes them."""

import json
from collections.abc import Mapping

from stackferry.grammar.lint.finding import Finding
from stackferry.render.findings.clean import text
from stackferry.render.findings.results import Results

SEVERITIES: Mapping[str, str] = {"error": "CRITICAL", "warning": "MAJOR", "info": "MINOR", "style": "INFO"}


def render(results: Results) -> str:
    """The document, on one line."""
    issues = [_issue(finding) for finding in results.findings]
    return json.dumps({"issues": issues}, ensure_ascii=False, separators=(",", ":")) + "\n"


def _issue(finding: Finding) -> dict[str, object]:
    place = {"startLine": finding.line, "endLine": finding.end_line}
    if (finding.line, finding.column) != (finding.end_line, finding.end_column):
        # SonarQube counts columns from 0 and refuses an empty range.
        place |= {"startColumn": finding.column - 1, "endColumn": finding.end_column - 1}
    return {
        "engineId": "stackferry",
        "primaryLocation": {
            "filePath": text(finding.path),
            "message": text(finding.message),
            "textRange": place,
        },
        "ruleId": finding.id,
        "severity": SEVERITIES[finding.severity],
        "type": "BUG" if finding.severity == "error" else "CODE_SMELL",
    }
