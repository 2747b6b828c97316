"""The last line of a lint for interactive users: the numbers of files and findings."""

from collections import Counter

from stackferry.grammar.lint.finding import SEVERITIES
from stackferry.render.findings.results import Results

_PLURALS = {"error": "errors", "warning": "warnings"}


def summary(results: Results) -> str:
    """The line, such as `2 errors, 1 warning in 2 of 5 files`."""
    files = f"{len(results.paths)} file{'' if len(results.paths) == 1 else 's'}"
    if not results.findings:
        return f"nothing found in {files}"
    counts = Counter(finding.severity for finding in results.findings)
    told = [
        f"{counts[severity]} {severity if counts[severity] == 1 else _PLURALS.get(severity, severity)}"
        for severity in SEVERITIES
        if counts[severity]
    ]
    with_findings = len({finding.path for finding in results.findings})
    where = files if len(results.paths) == 1 else f"{with_findings} of {files}"
    return f"{', '.join(told)} in {where}"
