"""What `lint` prints instead of linting: a rule's page, the list of rules, a configuration of hadolint as ours."""

import sys

from stackferry.grammar.lint.catalogue import catalogue
from stackferry.session import Session


def about(
    session: Session, explain: str | None, *, list_rules: bool, since: str | None, machine: bool, config: str | None
) -> int:
    """Print what is asked for, of several the first. Raises WrongUsageError for an unknown rule or release."""
    if explain is not None:
        from stackferry.lint.explain import explained

        text = explained(explain, catalogue())
    elif list_rules:
        from stackferry.lint.rule_list import as_json, as_table, rules_since

        found = rules_since(catalogue(), since)
        text = as_json(found) if machine else as_table(found, session.style(error_stream=False))
    else:
        from stackferry.lint.migrate import migrated

        text = migrated(session, config)
    sys.stdout.write(text)
    return 0
