"""`lint --migrate`: converts hadolint's configuration, and shows what another set of rules would change.

The command prints the new configuration, which has the same effect, and notes on standard error. If another set than
hadolint's is chosen, the Dockerfiles are linted with both, and differences are reported by rule.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import NamedTuple

from stackferry.errors import OK, WRONG_USAGE, WrongUsageError
from stackferry.grammar.diagnostics import SourceError
from stackferry.grammar.lint.catalogue import catalogue
from stackferry.grammar.lint.config.find_config import hadolint_paths
from stackferry.grammar.lint.config.hadolint_config import from_text
from stackferry.grammar.lint.config.migrate import Change, changes, migrate
from stackferry.grammar.lint.finding import SEVERITIES, Finding
from stackferry.grammar.lint.selection import Selector
from stackferry.lint.configs import text_of
from stackferry.lint.linted import linted
from stackferry.lint.request import Request
from stackferry.lint.targets import Target, Targets
from stackferry.session import Session

_SAME = "hadolint"


class Migrated(NamedTuple):
    """The new configuration, notes about it, and the exit code. `notes` is lazy: reading it runs the linter."""

    text: str
    notes: Iterator[str]
    code: int = OK


def migration(request: Request, session: Session) -> Migrated:
    """Convert the configuration; the exit code is 2 if hadolint's configuration has errors, which are reported.

    Raises WrongUsageError if there is no configuration.
    """
    rules = catalogue()
    path, text = _found(request, session)
    chosen = request.set or _SAME
    try:
        made = migrate(text, path, rules, chosen)
    except SourceError as error:
        session.report(error.diagnostics)
        return Migrated("", iter(()), WRONG_USAGE)
    return Migrated(made.text, chain(made.remarks, _differences(request, session, text, path)))


def _differences(request: Request, session: Session, text: str, path: str) -> Iterator[str]:
    """The changes in findings if another set than hadolint's is chosen."""
    chosen = request.set or _SAME
    if chosen != _SAME:
        rules = catalogue()
        targets = [*Targets(session, request.stdin_filename).of(request.paths)]
        old = from_text(text, path, rules)
        before, after = (
            _findings(targets, Selector(rules, config), session) for config in (old, old._replace(set=chosen))
        )
        yield _told(changes(before, after), chosen)


def _found(request: Request, session: Session) -> tuple[str, str]:
    """The displayed path and the text of hadolint's configuration."""
    cwd = session.files.cwd
    paths = [request.config] if request.config is not None else hadolint_paths(cwd, session.environment)
    for path in paths:
        text = text_of(path, session)
        if text is not None:
            return path.removeprefix(cwd.rstrip("/") + "/"), text
    missing = f"configuration file {request.config} not found" if request.config else "no hadolint configuration found"
    raise WrongUsageError(missing, "specify a .hadolint.yaml with --config")


def _findings(targets: Iterable[Target], selector: Selector, session: Session) -> list[Finding]:
    files = linted(targets, lambda _: selector, session)
    return [finding for file in files for finding in file.findings()]


def _told(found: tuple[Change, ...], chosen: str) -> str:
    if not found:
        return f"the set {chosen} changes nothing for these Dockerfiles"
    lines = [f"  {change.id}: {_counts(change.before)} -> {_counts(change.after)}" for change in found]
    return "\n".join([f"the set {chosen} changes this for these Dockerfiles:", *lines])


def _counts(counts: Mapping[str, int]) -> str:
    told = [f"{counts[severity]} {severity}" for severity in SEVERITIES if counts.get(severity)]
    return ", ".join(told) or "nothing"
