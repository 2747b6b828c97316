"""Runs `stackferry lint`: lints each file by its configuration, and gives the verdict on all of them.

targets.py -> configs.py -> linted.py -> render/findings -> exit code
"""

import gc
from typing import NamedTuple

from stackferry import __version__
from stackferry.errors import FAILED, OK, WRONG_USAGE
from stackferry.grammar.dockerfile.source import Source, decoded
from stackferry.grammar.lint.catalogue import Catalogue, catalogue
from stackferry.grammar.lint.config.config import Config
from stackferry.grammar.lint.report import verdict
from stackferry.lint.configs import Configs
from stackferry.lint.linted import Linted, linted
from stackferry.lint.request import Request, terms
from stackferry.lint.targets import Targets
from stackferry.render.findings.formats import rendered
from stackferry.render.findings.results import Results
from stackferry.render.style import Style
from stackferry.session import Session


class Verdict(NamedTuple):
    """All findings, their `text` in the requested format, and the exit `code`."""

    code: int
    text: str
    results: Results


def run(request: Request, session: Session) -> Verdict:
    """Run a lint.

    The exit code is the highest that applies. 0: no finding as severe as `fail_on`. 1: there is one, or a file cannot
    be read. 2: a configuration has an error. 3: a rule failed through a bug of ours.
    """
    rules = catalogue()
    request = request._replace(
        select=terms(request.select, "--select", rules), ignore=terms(request.ignore, "--ignore", rules)
    )
    configs = Configs(request, session, rules)
    if request.config is not None:
        # Report errors in a configuration even if no file is linted with it.
        configs.selector("-")
    targets = Targets(session, request.stdin_filename)
    files = linted(targets.of(request.paths), configs.selector, session)
    text, results = _rendered(files, rules, request, session)
    codes = [verdict([file.report], file.config.fail_on) for file in files]
    # Imported objects live until the end: the interpreter need not scan them when it exits.
    gc.freeze()
    return Verdict(max([*codes, WRONG_USAGE * configs.failed, FAILED * targets.failed, OK]), text, results)


def _rendered(files: list[Linted], rules: Catalogue, request: Request, session: Session) -> tuple[str, Results]:
    configured = next((file.config for file in files), Config())
    style = session.style(error_stream=False) if configured.color or session.colour != "auto" else Style()
    results = _results(files, rules, session)._replace(style=style)
    return rendered(request.format or configured.format or "text", results), results


def _results(files: list[Linted], rules: Catalogue, session: Session) -> Results:
    paths = tuple(dict.fromkeys(file.target.source.path for file in files))
    order = {path: number for number, path in enumerate(paths)}
    findings = sorted(
        (finding for file in files for finding in file.findings()),
        key=lambda finding: (order[finding.path], finding.line, finding.column),
    )
    sources = {file.target.source.path: file.target.source for file in files if not file.target.placed}

    def line(path: str, number: int) -> str | None:
        if path not in sources:
            sources[path] = Source(decoded(session.files.read(path)), path)
        return sources[path].line(number) if number <= len(sources[path].starts) else None

    def summary(identifier: str) -> str:
        rule = rules.rule(identifier)
        return rule.summary if rule else ""

    return Results(tuple(findings), paths, __version__, line=line, summary=summary)
