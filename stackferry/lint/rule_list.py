"""`lint --rules`: rules with their severities and sets, as a table or as JSON."""

import json
from collections.abc import Iterable, Mapping

from stackferry.grammar.lint.explain import sets
from stackferry.grammar.lint.rule import Rule
from stackferry.render.style import Role, Style
from stackferry.render.table import table

_ROLES: Mapping[str, Role] = {"error": "error", "warning": "warning", "info": "info", "style": "hint"}


def as_table(rules: Iterable[Rule], style: Style) -> str:
    """A line per rule."""
    rows = [
        (rule.id, (rule.severity, _ROLES.get(rule.severity, "faint")), rule.since, ", ".join(sets(rule)), rule.summary)
        for rule in rules
    ]
    return table(("ID", "SEVERITY", "SINCE", "SETS", "WHAT IT SAYS"), rows, style) + "\n"


def as_json(rules: Iterable[Rule]) -> str:
    """A list of objects."""
    found = [
        {
            "id": rule.id,
            "severity": rule.severity,
            "summary": rule.summary,
            "sets": sets(rule),
            "aliases": rule.aliases,
            "since": rule.since,
        }
        for rule in rules
    ]
    return json.dumps(found, indent=2, ensure_ascii=False) + "\n"
