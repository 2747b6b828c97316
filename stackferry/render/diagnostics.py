"""Diagnostics as text for people (a line that editors can jump to, the source line, the hint) and as JSON."""

from collections.abc import Callable, Iterable, Mapping

from stackferry.grammar.diagnostics import Diagnostic, Severity
from stackferry.grammar.source import Span
from stackferry.render.style import Role, Style

Lines = Callable[[str, int], str | None]
"""Maps (source, line number from 1) to the line's text, None if it is not available."""

_WIDEST = 140
_ROLES: Mapping[Severity, Role] = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "info"}


def diagnostic_text(diagnostic: Diagnostic, style: Style, lines: Lines = lambda _source, _line: None) -> str:
    """`path:line:col: severity[code]: message`, the source line with a caret, then the hint."""
    severity = diagnostic.severity.value
    where = f"{style.paint('path', visible(str(diagnostic.span)))}: " if diagnostic.span else ""
    label = style.paint(_ROLES[diagnostic.severity], f"{severity}[{diagnostic.code}]" if diagnostic.code else severity)
    rows = [f"{where}{label}: {visible(diagnostic.message)}"]
    if diagnostic.span:
        rows += excerpt(diagnostic.span, style, lines)
    if diagnostic.hint:
        rows.append(f"  {style.paint('hint', 'hint:')} {visible(diagnostic.hint)}")
    return "\n".join(rows)


def in_file_order(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Sorted by span, with sources in the order of their first mention; diagnostics without a span come first.

    Each diagnostic appears once, even if two phases report it.
    """
    found = list(dict.fromkeys(diagnostics))
    sources = dict.fromkeys(one.span.source for one in found if one.span)
    order = {source: place for place, source in enumerate(sources)}
    return sorted(
        found, key=lambda one: (order[one.span.source], one.span.line, one.span.column) if one.span else (-1, 0, 0)
    )


def diagnostics_json(diagnostics: Iterable[Diagnostic]) -> str:
    """A JSON list of objects with path, line, column and code (null if missing), severity, message, hint."""
    import json

    return json.dumps(
        [diagnostic_data(one) for one in diagnostics],
        indent=2,
        ensure_ascii=False,
    )


def diagnostic_data(diagnostic: Diagnostic) -> dict[str, object]:
    """One diagnostic as such an object."""
    return {
        "path": diagnostic.span.source if diagnostic.span else None,
        "line": diagnostic.span.line if diagnostic.span else None,
        "column": diagnostic.span.column if diagnostic.span else None,
        "severity": diagnostic.severity.value,
        "code": diagnostic.code or None,
        "message": diagnostic.message,
        "hint": diagnostic.hint,
    }


def visible(text: str) -> str:
    """The text with control characters escaped: the content of a file must not control the terminal."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() or char in "\n\t" else f"\\x{ord(char):02x}" for char in text)


def excerpt(span: Span, style: Style, lines: Lines) -> list[str]:
    """The line at `span`, cut around the span if it is very long, and a caret below it."""
    line = lines(span.source, span.line)
    if line is None or not line.strip():
        return []
    before, after = line[: span.column - 1], line[span.column - 1 :]
    if len(before) > _WIDEST // 2:
        before = "…" + before[-_WIDEST // 2 :]
    if len(after) > _WIDEST // 2:
        after = after[: _WIDEST // 2] + "…"
    before, after = visible(before), visible(after)
    gutter = f"{span.line:5} | "
    blank = " " * (len(gutter) - 2) + "| "
    pad = "".join("\t" if char == "\t" else " " for char in before)
    return [
        style.paint("faint", gutter) + before + after,
        style.paint("faint", blank) + pad + style.paint("error", "^"),
    ]
