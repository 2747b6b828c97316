"""Workflow commands for GitHub's runner, shown beside the changed lines: `::error file=…,line=…::message`."""

from collections.abc import Mapping

from stackferry.grammar.lint.finding import Finding
from stackferry.render.findings.clean import text
from stackferry.render.findings.results import Results

COMMANDS: Mapping[str, str] = {"error": "error", "warning": "warning", "info": "notice", "style": "notice"}


def render(results: Results) -> str:
    """The lines; empty without findings."""
    return "".join(f"{_command(finding)}\n" for finding in results.findings)


def _command(finding: Finding) -> str:
    properties = {
        "file": finding.path,
        "line": finding.line,
        "endLine": finding.end_line,
        "col": finding.column,
        "endColumn": finding.end_column,
        "title": finding.id,
    }
    if finding.end_line != finding.line:
        # The runner accepts columns only for findings within one line.
        del properties["col"], properties["endColumn"]
    told = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items())
    return f"::{COMMANDS[finding.severity]} {told}::{_data(finding.message)}"


def _data(value: str) -> str:
    return text(value).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(value: str) -> str:
    return _data(value).replace(":", "%3A").replace(",", "%2C")
