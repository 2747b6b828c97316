"""What a format is given: the findings of a run, and what else it may want to show."""

from collections.abc import Callable, Iterator
from itertools import groupby
from typing import NamedTuple

from stackferry.grammar.lint.finding import Finding
from stackferry.render.style import Style


class Results(NamedTuple):
    """The findings in the order in which they are shown, those of a file together.

    `paths` are all files that were read, in that order, as they are shown; `version` is ours. `line(path, number)` is
    the text of a line, None if it cannot be had; `summary(id)` what a rule is about, empty if that is not known.
    """

    findings: tuple[Finding, ...]
    paths: tuple[str, ...]
    version: str
    style: Style = Style()
    line: Callable[[str, int], str | None] = lambda _path, _number: None
    summary: Callable[[str], str] = lambda _id: ""

    def by_path(self) -> Iterator[tuple[str, tuple[Finding, ...]]]:
        """Every file with what was found in it, which may be nothing."""
        found = {path: tuple(group) for path, group in groupby(self.findings, key=lambda finding: finding.path)}
        for path in dict.fromkeys((*self.paths, *found)):
            yield path, found.get(path, ())
