"""`lint --migrate`: hadolint's configuration as one of ours, and what the set that is chosen would change.

The new configuration goes to standard output, everything else to standard error. It says the same as the old one; with
another set than hadolint's, the Dockerfiles are linted by both, and what differs is told by rule.
"""

import sys
from collections.abc import Iterable, Mapping

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


def migrated(request: Request, session: Session) -> int:
    """Print the configuration and what there is to say of it; 2 if hadolint's own is wrong.

    Raises WrongUsageError if there is none.
    """
    rules = catalogue()
    path, text = _found(request, session)
    chosen = request.set or _SAME
    try:
        migration = migrate(text, path, rules, chosen)
    except SourceError as error:
        session.report(error.diagnostics)
        return WRONG_USAGE
    sys.stdout.write(migration.text)
    for remark in migration.remarks:
        session.note(remark)
    if chosen != _SAME:
        targets = [*Targets(session, request.stdin_filename).of(request.paths)]
        old = from_text(text, path, rules)
        before, after = (
            _findings(targets, Selector(rules, config), session) for config in (old, old._replace(set=chosen))
        )
        session.note(_told(changes(before, after), chosen))
    return OK


def _found(request: Request, session: Session) -> tuple[str, str]:
    """The path, as people know it, and the text of hadolint's configuration."""
    cwd = session.files.cwd
    paths = [request.config] if request.config is not None else hadolint_paths(cwd, session.environment)
    for path in paths:
        text = text_of(path, session)
        if text is not None:
            return path.removeprefix(cwd.rstrip("/") + "/"), text
    missing = f"there is no configuration file {request.config}" if request.config else "hadolint has no configuration"
    raise WrongUsageError(missing, "name a .hadolint.yaml with --config")


def _findings(targets: Iterable[Target], selector: Selector, session: Session) -> list[Finding]:
    files = linted(targets, lambda _: selector, session)
    return [finding for file in files for finding in file.findings()]


def _told(found: tuple[Change, ...], chosen: str) -> str:
    if not found:
        return f"the set {chosen} changes nothing in these Dockerfiles"
    lines = [f"  {change.id}: {_counts(change.before)} -> {_counts(change.after)}" for change in found]
    return "\n".join([f"the set {chosen} changes this in these Dockerfiles:", *lines])


def _counts(counts: Mapping[str, int]) -> str:
    told = [f"{counts[severity]} {severity}" for severity in SEVERITIES if counts.get(severity)]
    return ", ".join(told) or "nothing"
