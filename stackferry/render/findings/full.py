"""Findings in the layout of our other errors: the line, the source line with a caret, the hint."""

from collections.abc import Iterator

from stackferry.grammar.lint.finding import Finding
from stackferry.grammar.source import Span
from stackferry.render.diagnostics import excerpt, visible
from stackferry.render.findings.results import Results
from stackferry.render.findings.text import headline


def render(results: Results) -> str:
    """One block of lines per finding; empty without findings."""
    return "".join(f"{line}\n" for finding in results.findings for line in _lines(finding, results))


def _lines(finding: Finding, results: Results) -> Iterator[str]:
    yield headline(finding, results.style)
    yield from excerpt(Span(finding.path, finding.line, finding.column), results.style, results.line)
    if finding.hint:
        yield f"  {results.style.paint('hint', 'hint:')} {visible(finding.hint)}"
