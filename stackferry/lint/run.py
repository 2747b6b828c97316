"""A run of `stackferry lint`: the files, each by its configuration, and the verdict on all of them.

targets.py -> configs.py -> grammar/lint/lint.py -> render/findings -> exit code
"""

import gc
import os
import sys
from collections.abc import Iterable
from typing import NamedTuple

from stackferry import __version__
from stackferry.errors import FAILED, OK, WRONG_USAGE
from stackferry.grammar.dockerfile.source import Source, decoded
from stackferry.grammar.lint.catalogue import Catalogue, catalogue
from stackferry.grammar.lint.config import Config
from stackferry.grammar.lint.finding import Finding
from stackferry.grammar.lint.lint import Prepared, Report, finish, prepare, verdict
from stackferry.lint.configs import Configs
from stackferry.lint.request import Request, terms
from stackferry.lint.targets import Target, Targets
from stackferry.render.findings.formats import rendered
from stackferry.render.findings.results import Results
from stackferry.render.style import Style
from stackferry.session import Session


class Linted(NamedTuple):
    """A Dockerfile after its rules ran, and what is said of it."""

    target: Target
    config: Config
    report: Report

    def findings(self) -> Iterable[Finding]:
        """The findings where they are shown."""
        placed = self.target.placed
        return map(placed, self.report.findings) if placed else self.report.findings


def run(request: Request, session: Session) -> int:
    """Lint what is asked for and print the findings; the exit code.

    0: nothing as bad as `fail_on`. 1: something is, or a file cannot be read. 2: a configuration is wrong. 3: a bug
    of ours kept a rule from speaking. Of several the highest.
    """
    rules = catalogue()
    request = request._replace(
        select=terms(request.select, "--select", rules), ignore=terms(request.ignore, "--ignore", rules)
    )
    configs = Configs(request, session, rules)
    targets = Targets(session, request.stdin_filename)
    linted = [*_linted(targets.of(request.paths), configs, session.files.cwd)]
    results = _results(linted, rules, session)
    _print(results, linted, request, session)
    codes = [verdict([file.report], file.config.fail_on) for file in linted]
    # What is imported lives until the end: the interpreter need not look it through when it leaves.
    gc.freeze()
    return max([*codes, WRONG_USAGE * configs.failed, FAILED * targets.failed, OK])


def _linted(targets: Iterable[Target], configs: Configs, cwd: str) -> Iterable[Linted]:
    """All files with what is said of them; ShellCheck is asked once, when all their rules have run."""
    waiting: list[tuple[Target, Config, Prepared]] = []
    for target in targets:
        selector = configs.selector(target.source.path)
        if selector is not None:
            selection = selector.of(os.path.join(cwd, target.source.path))
            waiting.append((target, selector.config, prepare(target.source, selection)))
    for target, config, prepared in waiting:
        yield Linted(target, config, finish(prepared))


def _results(linted: list[Linted], rules: Catalogue, session: Session) -> Results:
    paths = tuple(dict.fromkeys(file.target.source.path for file in linted))
    order = {path: number for number, path in enumerate(paths)}
    findings = sorted(
        (finding for file in linted for finding in file.findings()),
        key=lambda finding: (order[finding.path], finding.line, finding.column),
    )
    sources = {file.target.source.path: file.target.source for file in linted if not file.target.placed}

    def line(path: str, number: int) -> str | None:
        if path not in sources:
            sources[path] = Source(decoded(session.files.read(path)), path)
        return sources[path].line(number) if number <= len(sources[path].starts) else None

    def summary(identifier: str) -> str:
        rule = rules.rule(identifier)
        return rule.summary if rule else ""

    return Results(tuple(findings), paths, __version__, line=line, summary=summary)


def _print(results: Results, linted: list[Linted], request: Request, session: Session) -> None:
    configured = next((file.config for file in linted), Config())
    style = session.style(error_stream=False) if configured.color or session.colour != "auto" else Style()
    sys.stdout.write(rendered(request.format or configured.format or "text", results._replace(style=style)))
    if sys.stderr.isatty() and not session.machine:
        from stackferry.lint.summary import summary

        session.note(summary(results))
