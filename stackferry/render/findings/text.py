"""One line per finding, to which editors and terminals can jump: `path:line:col: severity[ID]: message`."""

from collections.abc import Mapping

from stackferry.grammar.lint.finding import Finding
from stackferry.render.diagnostics import visible
from stackferry.render.findings.results import Results
from stackferry.render.style import Role, Style

ROLES: Mapping[str, Role] = {"error": "error", "warning": "warning", "info": "info", "style": "hint"}
"""The colour of each severity."""


def render(results: Results) -> str:
    """The lines; empty without findings."""
    return "".join(f"{headline(finding, results.style)}\n" for finding in results.findings)


def headline(finding: Finding, style: Style) -> str:
    """The line of a finding."""
    where = style.paint("path", f"{one_line(finding.path)}:{finding.line}:{finding.column}")
    label = style.paint(ROLES[finding.severity], f"{finding.severity}[{finding.id}]")
    return f"{where}: {label}: {one_line(finding.message)}"


def one_line(text: str) -> str:
    """Text on one line, with control characters escaped."""
    return visible(text).replace("\n", "\\x0a")
