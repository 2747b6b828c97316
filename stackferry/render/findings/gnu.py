"""The GNU convention of error messages, as hadolint writes it: `program:file:line:column: ID severity: message`."""

from stackferry.render.findings.results import Results
from stackferry.render.findings.text import one_line


def render(results: Results) -> str:
    """The lines; empty without findings."""
    return "".join(
        f"stackferry:{one_line(finding.path)}:{finding.line}:{finding.column}: "
        f"{finding.id} {finding.severity}: {one_line(finding.message)}\n"
        for finding in results.findings
    )
