"""Checkstyle's XML: one element per file, also for files without findings, as hadolint writes it."""

from collections.abc import Iterator

from stackferry.render.findings.clean import xml
from stackferry.render.findings.results import Results


def render(results: Results) -> str:
    """The document."""
    return "".join(f"{line}\n" for line in _lines(results))


def _lines(results: Results) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield '<checkstyle version="4.3">'
    for path, findings in results.by_path():
        if not findings:
            yield f'<file name="{xml(path)}"/>'
            continue
        yield f'<file name="{xml(path)}">'
        for finding in findings:
            yield (
                f'<error line="{finding.line}" column="{finding.column}" severity="{finding.severity}" '
                f'message="{xml(finding.message)}" source="{xml(finding.id)}"/>'
            )
        yield "</file>"
    yield "</checkstyle>"
