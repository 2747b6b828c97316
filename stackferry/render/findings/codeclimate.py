"""Code Climate's issues: JSON objects, each followed by a zero byte."""

import json
from collections.abc import Mapping

from stackferry.grammar.lint.finding import Finding
from stackferry.render.findings.clean import text
from stackferry.render.findings.results import Results

SEVERITIES: Mapping[str, str] = {"error": "blocker", "warning": "major", "info": "info", "style": "minor"}


def render(results: Results) -> str:
    """The objects."""
    return "".join(
        json.dumps(issue(finding), ensure_ascii=False, separators=(",", ":")) + "\0" for finding in results.findings
    )


def issue(finding: Finding) -> dict[str, object]:
    """One finding as a Code Climate issue."""
    return {
        "categories": ["Bug Risk"],
        "check_name": finding.id,
        "description": text(finding.message),
        "location": {"lines": {"begin": finding.line, "end": finding.end_line}, "path": text(finding.path)},
        "severity": SEVERITIES[finding.severity],
        "type": "issue",
    }
