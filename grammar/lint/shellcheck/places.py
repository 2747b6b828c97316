"""Places in a text that ShellCheck got, back to offsets in the Dockerfile."""

from stackferry.grammar.dockerfile.source import Source
from stackferry.grammar.lint.shellcheck.remark import Remark
from stackferry.grammar.lint.shellcheck.submission import Submission


class Places:
    """The table of a submission: lines and columns of the text to the source."""

    __slots__ = ("_starts", "submission")

    def __init__(self, submission: Submission) -> None:
        self.submission = submission
        self._starts = Source(submission.script.text).starts

    def in_script(self, remark: Remark) -> tuple[int, int] | None:
        """Where in the script a remark is; None if it is in the prelude. A place beyond the end is the end."""
        start = self._offset(remark.line, remark.column)
        return None if start < 0 else (start, max(start, self._offset(remark.end_line, remark.end_column)))

    def in_source(self, start: int, end: int) -> tuple[int, int]:
        """A range of the script in the source. Where ShellCheck names a point and no range, both are that point."""
        joined = self.submission.script.joined
        begin = joined.at(start)
        return begin, joined.end(end) if end > start else begin

    def _offset(self, line: int, column: int) -> int:
        """The offset in the script of a line and column in the text; -1 for the prelude."""
        index = line - self.submission.lines - 1
        if index < 0:
            return -1
        text = self.submission.script.text
        if index >= len(self._starts):
            return len(text)
        limit = self._starts[index + 1] - 1 if index + 1 < len(self._starts) else len(text)
        return min(self._starts[index] + column - 1, limit)
