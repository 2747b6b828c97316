"""The input of a format: the findings of a run, and other facts that it may show."""

from collections.abc import Callable, Iterator
from itertools import groupby
from typing import NamedTuple

from stackferry.grammar.lint.finding import Finding
from stackferry.render.style import Style


class Results(NamedTuple):
    """The findings in their order of display, grouped by file.

    `paths` are the displayed paths of all files that were read, in that order; `version` is ours. `line(path, number)`
    is the text of a line, None if it is not available; `summary(id)` is a rule's summary, empty if unknown.
    """

    findings: tuple[Finding, ...]
    paths: tuple[str, ...]
    version: str
    style: Style = Style()
    line: Callable[[str, int], str | None] = lambda _path, _number: None
    summary: Callable[[str], str] = lambda _id: ""

    def by_path(self) -> Iterator[tuple[str, tuple[Finding, ...]]]:
        """Every file with its findings, which may be none."""
        found = {path: tuple(group) for path, group in groupby(self.findings, key=lambda finding: finding.path)}
        for path in dict.fromkeys((*self.paths, *found)):
            yield path, found.get(path, ())
