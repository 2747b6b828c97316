"""Dockerfiles and what the linter says of each. ShellCheck is asked once, when the rules of all files have run."""

import os
from collections.abc import Callable, Iterable
from typing import NamedTuple

from stackferry.grammar.lint.config.config import Config
from stackferry.grammar.lint.finding import Finding
from stackferry.grammar.lint.report import Report, finish
from stackferry.grammar.lint.run import Prepared, prepare
from stackferry.grammar.lint.selection import Selector
from stackferry.lint.targets import Target


class Linted(NamedTuple):
    """A Dockerfile and what is said of it."""

    target: Target
    config: Config
    report: Report

    def findings(self) -> Iterable[Finding]:
        """The findings where they are shown."""
        placed = self.target.placed
        return map(placed, self.report.findings) if placed else self.report.findings


def linted(targets: Iterable[Target], selector: Callable[[str], Selector | None], cwd: str) -> list[Linted]:
    """What is said of each file, by the rules that `selector` selects for its path; None leaves it out."""
    waiting: list[tuple[Target, Config, Prepared]] = []
    for target in targets:
        selects = selector(target.source.path)
        if selects is not None:
            selection = selects.of(os.path.join(cwd, target.source.path))
            waiting.append((target, selects.config, prepare(target.source, selection)))
    return [Linted(target, config, finish(prepared)) for target, config, prepared in waiting]
