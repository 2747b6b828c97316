"""Maps places in a Dockerfile inside a YAML file to places in that file, for findings.

Exact for a literal block (`|`), which keeps lines. In any other notation all findings are at the start of the value.
"""

from stackferry.grammar.lint.finding import Finding
from stackferry.grammar.source import Span


class Block:
    """A text (`value`) inside a file (`file`), beginning at `origin`."""

    __slots__ = ("_indent", "_raw", "_value", "origin")

    def __init__(self, file: str, origin: Span, value: str) -> None:
        self.origin = origin
        self._value = value.split("\n")
        lines = file.split("\n")
        header = lines[origin.line - 1][origin.column - 1 :] if origin.line <= len(lines) else ""
        self._raw = [line.removesuffix("\r") for line in lines[origin.line :]] if header.startswith("|") else []
        self._indent = next(
            (_leading(raw) - _leading(line) for raw, line in zip(self._raw, self._value, strict=False) if line.strip()),
            0,
        )

    def placed(self, finding: Finding) -> Finding:
        """Move a finding from its place in the text to its place in the file."""
        line, column = self._place(finding.line, finding.column)
        end_line, end_column = self._place(finding.end_line, finding.end_column)
        return finding._replace(line=line, column=column, end_line=end_line, end_column=end_column)

    def _place(self, line: int, column: int) -> tuple[int, int]:
        if not self._raw or line > len(self._value):
            return self.origin.line, self.origin.column
        raw = self._raw[line - 1][self._indent :] if line <= len(self._raw) else ""
        return self.origin.line + line, self._indent + _column(raw, self._value[line - 1], column)


def _column(raw: str, value: str, column: int) -> int:
    """The column in the raw line, where `$` is `$$`; that of its first word if variables were substituted."""
    if raw == value:
        return column
    if raw.replace("$$", "$") != value:
        return _leading(raw) + 1
    before, at = value[: column - 1], 0
    for _ in before:
        at += 2 if raw.startswith("$$", at) else 1
    return at + 1


def _leading(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
