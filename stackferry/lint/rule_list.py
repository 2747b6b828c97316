"""`lint --rules`: every rule with its severity and its sets, as a table or as JSON."""

from collections.abc import Iterable

from stackferry.errors import WrongUsageError
from stackferry.grammar.lint.catalogue import Catalogue
from stackferry.grammar.lint.release import Releases, newer
from stackferry.grammar.lint.rule import Rule
from stackferry.render.style import Role, Style
from stackferry.render.table import table

_ROLES: dict[str, Role] = {"error": "error", "warning": "warning", "info": "info", "style": "hint"}


def rules_since(rules: Catalogue, since: str | None) -> list[Rule]:
    """The rules that a release brought, or one after it; all of them for None.

    Raises WrongUsageError for what is neither a release (1.4.0) nor a month (2026.12).
    """
    if since is None:
        return [*rules]
    try:
        release = Releases().meant(since)
    except ValueError as error:
        raise WrongUsageError(f"--since: {since!r}: {error}") from error
    return [rule for rule in rules if not newer(release, rule.since)]


def as_table(rules: Iterable[Rule], style: Style) -> str:
    """A line a rule."""
    rows = [
        (rule.id, (rule.severity, _ROLES[rule.severity]), rule.since, ", ".join(rule.sets) or "-", rule.summary)
        for rule in rules
    ]
    return table(("ID", "SEVERITY", "SINCE", "SETS", "WHAT IT ASKS FOR"), rows, style) + "\n"


def as_json(rules: Iterable[Rule]) -> str:
    """A list of objects."""
    import json

    found = [
        {
            "id": rule.id,
            "severity": rule.severity,
            "summary": rule.summary,
            "sets": rule.sets,
            "aliases": rule.aliases,
            "since": rule.since,
        }
        for rule in rules
    ]
    return json.dumps(found, indent=2, ensure_ascii=False) + "\n"
