"""Lints one Dockerfile in one call; a run over many files takes the three steps itself.

    prepare(source, selection) -> Prepared     for each file (run.py)
    shellcheck([prepared.build, …])            once, for all files together
    finish(prepared, hits) -> Report           for each file (report.py)

Pure but for the import of the selected rules.
"""

from collections.abc import Callable, Sequence

from stackferry.grammar.dockerfile.facts.build import Build
from stackferry.grammar.dockerfile.facts.build import build as facts_of
from stackferry.grammar.dockerfile.source import Source
from stackferry.grammar.lint.catalogue import Catalogue, catalogue
from stackferry.grammar.lint.config.config import Config
from stackferry.grammar.lint.finding import Hit
from stackferry.grammar.lint.report import Report, finish
from stackferry.grammar.lint.run import Facts, prepare
from stackferry.grammar.lint.selection import Selector

ShellCheck = Callable[[Sequence[Build]], Sequence[Sequence[Hit]]]
"""Maps all files of a run to the hits in each, in the same order: `id` and `severity` are ShellCheck's."""


def lint(
    source: Source,
    config: Config,
    *,
    rules: Catalogue | None = None,
    facts: Facts = facts_of,
    shellcheck: ShellCheck | None = None,
) -> Report:
    """The findings in one file."""
    selection = Selector(rules or catalogue(), config).of(source.path)
    prepared = prepare(source, selection, facts=facts)
    if shellcheck is None or prepared.build is None or not selection.shellcheck:
        return finish(prepared)
    return finish(prepared, shellcheck([prepared.build])[0])
