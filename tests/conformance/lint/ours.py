"""Our answer: the linter called in this process. Only this module of the harness knows how to call it.

Everything else takes a `Linter`; tests of the harness bring one of their own.
"""

import functools
import os
import time
from collections.abc import Callable

from stackferry.grammar.dockerfile.facts.build import build
from stackferry.grammar.dockerfile.facts.ignore import Ignore
from stackferry.grammar.dockerfile.source import Source, decoded
from stackferry.grammar.lint.config.config import Config
from stackferry.grammar.lint.lint import lint as lint_source
from stackferry.grammar.lint.problems import INTERNAL_ERROR, PROBLEMS
from stackferry.grammar.lint.rules.own.build import RULES as BUILD
from stackferry.grammar.lint.shellcheck.manner import HADOLINT, OWN
from stackferry.lint.shellcheck.run import ShellCheck
from tests.conformance.lint.dockerfile import File
from tests.conformance.lint.found import Found, Verdict

Linter = Callable[[File, str], Verdict]
"""What a linter with a set of rules (`hadolint`, `recommended` or `all`) says to a file."""

SYNTAX = frozenset(rule.id for rule in PROBLEMS if rule.id != INTERNAL_ERROR)
"""The rules whose findings say that an instruction cannot be read."""

REFUSALS = SYNTAX | {
    *("DL3011", "DL3023", "DL3043", "DL3061"),
    *(rule.id for rule in BUILD),
}
"""The rules whose findings say that a build would not even begin: BuildKit refuses the file for the same."""


def lint(file: File, chosen: str) -> Verdict:
    """What we say to a file."""
    ignored = file.ignored
    report = lint_source(
        Source(decoded(file.content), file.name),
        Config(set=chosen),
        facts=lambda tree: build(tree, None if ignored is None else Ignore(ignored)),
        shellcheck=_shellcheck(chosen),
    )
    findings = tuple(Found(one.id, one.line, one.severity, one.message) for one in report.findings)
    refusal = next((one for one in findings if one.rule in REFUSALS), None)
    return Verdict(refusal.message, refusal.line, findings) if refusal else Verdict("", 0, findings)


@functools.cache
def _shellcheck(chosen: str) -> ShellCheck:
    return ShellCheck.here(os.environ, time.time(), HADOLINT if chosen == "hadolint" else OWN)
