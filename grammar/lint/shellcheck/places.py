"""Maps places in a text for ShellCheck back to offsets in the Dockerfile."""

from stackferry.grammar.dockerfile.source import Source
from stackferry.grammar.lint.shellcheck.remark import Remark
from stackferry.grammar.lint.shellcheck.submission import Submission


class Places:
    """The place table of a submission: lines and columns of its text to offsets in the source."""

    __slots__ = ("_starts", "submission")

    def __init__(self, submission: Submission) -> None:
        self.submission = submission
        self._starts = Source(submission.script.text).starts

    def in_script(self, remark: Remark) -> tuple[int, int] | None:
        """The range of a remark in the script; None if it is in the prelude. A place beyond the end is the end."""
        start = self._offset(remark.line, remark.column)
        return None if start < 0 else (start, max(start, self._offset(remark.end_line, remark.end_column)))

    def in_source(self, start: int, end: int) -> tuple[int, int]:
        """A range of the script in the source. If ShellCheck gives only a point, both ends are that point."""
        joined = self.submission.script.joined
        begin = joined.at(start)
        return begin, joined.end(end) if end > start else begin

    def _offset(self, line: int, column: int) -> int:
        """The offset in the script of a line and column in the text; -1 if it is in the prelude."""
        index = line - self.submission.lines - 1
        if index < 0:
            return -1
        text = self.submission.script.text
        if index >= len(self._starts):
            return len(text)
        limit = self._starts[index + 1] - 1 if index + 1 < len(self._starts) else len(text)
        return min(self._starts[index] + column - 1, limit)
