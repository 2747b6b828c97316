"""JUnit's XML: a suite per file, a case per finding; a file without findings is one passed case. It has no times.

It has only what Jenkins' schemas define, because its xUnit plugin refuses a report with anything else.
"""

from collections.abc import Iterator

from stackferry.grammar.lint.finding import Finding
from stackferry.render.findings.clean import xml
from stackferry.render.findings.results import Results


def render(results: Results) -> str:
    """The document."""
    return "".join(f"{line}\n" for line in _lines(results))


def _lines(results: Results) -> Iterator[str]:
    files = [*results.by_path()]
    total = sum(max(len(findings), 1) for _, findings in files)
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield f'<testsuites name="stackferry lint" tests="{total}" failures="{len(results.findings)}" errors="0">'
    for path, findings in files:
        name = xml(path)
        yield (
            f'<testsuite name="{name}" tests="{max(len(findings), 1)}" failures="{len(findings)}" errors="0" '
            f'skipped="0">'
        )
        if not findings:
            yield f'<testcase classname="{name}" name="lint"/>'
        for finding in findings:
            yield from _case(finding, name)
        yield "</testsuite>"
    yield "</testsuites>"


def _case(finding: Finding, name: str) -> Iterator[str]:
    place = f"{finding.path}:{finding.line}:{finding.column}"
    identifier, message = xml(finding.id), xml(finding.message)
    told = xml(f"{place}: {finding.severity}[{finding.id}]: {finding.message}")
    yield f'<testcase classname="{name}" name="{identifier} at {finding.line}:{finding.column}">'
    yield f'<failure type="{finding.severity}" message="{message}">{told}</failure>'
    yield "</testcase>"
