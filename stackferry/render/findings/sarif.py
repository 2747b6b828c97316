"""SARIF 2.1.0, for code scanning of GitHub and others."""

import json
from collections.abc import Mapping
from urllib.parse import quote

from stackferry.grammar.lint.finding import Finding
from stackferry.render.findings.clean import text
from stackferry.render.findings.fingerprint import fingerprints
from stackferry.render.findings.results import Results

LEVELS: Mapping[str, str] = {"error": "error", "warning": "warning", "info": "note", "style": "note"}


def render(results: Results) -> str:
    """The SARIF log with one run."""
    rules = sorted({finding.id for finding in results.findings})
    marks = fingerprints(results.findings)
    run = {
        "tool": {
            "driver": {
                "name": "stackferry",
                "version": results.version,
                "rules": [_rule(rule, results.summary(rule)) for rule in rules],
            }
        },
        "columnKind": "unicodeCodePoints",
        "defaultSourceLanguage": "dockerfile",
        "results": [
            _result(finding, rules.index(finding.id), mark)
            for finding, mark in zip(results.findings, marks, strict=True)
        ],
    }
    log = {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}
    return json.dumps(log, ensure_ascii=False, separators=(",", ":")) + "\n"


def _rule(identifier: str, summary: str) -> dict[str, object]:
    rule: dict[str, object] = {"id": identifier}
    if summary:
        rule["shortDescription"] = {"text": summary}
    if identifier.startswith("SC"):
        rule["helpUri"] = f"https://www.shellcheck.net/wiki/{identifier}"
    return rule


def _result(finding: Finding, rule_index: int, fingerprint: str) -> dict[str, object]:
    region = {
        "startLine": finding.line,
        "startColumn": finding.column,
        "endLine": finding.end_line,
        "endColumn": finding.end_column,
    }
    place = {"artifactLocation": {"uri": _uri(finding.path)}, "region": region}
    message = finding.message if not finding.hint else f"{finding.message}\n{finding.hint}"
    return {
        "ruleId": finding.id,
        "ruleIndex": rule_index,
        "level": LEVELS[finding.severity],
        "message": {"text": text(message)},
        "locations": [{"physicalLocation": place}],
        "partialFingerprints": {"stackferry/v1": fingerprint},
    }


def _uri(path: str) -> str:
    """A path as a URI; a relative path gives a relative URI."""
    quoted = quote(path.encode("utf-8", "surrogateescape"))
    return f"file://{quoted}" if path.startswith("/") else quoted
