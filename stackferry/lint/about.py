"""Prints information about rules instead of linting: the page of a rule, or the list of all rules."""

from stackferry.errors import WrongUsageError
from stackferry.grammar.diagnostics import StackferryError
from stackferry.grammar.lint.catalogue import catalogue
from stackferry.grammar.lint.explain import listed, page
from stackferry.lint.rule_list import as_json, as_table
from stackferry.session import Session


def explained(identifier: str) -> str:
    """The page of a rule. Raises WrongUsageError if there is no such rule."""
    try:
        return f"{page(catalogue(), identifier)}\n"
    except StackferryError as error:
        raise WrongUsageError(f"--explain: {error}", error.hint) from error


def rules_listed(since: str | None, session: Session) -> str:
    """All rules, or those added after a release or a month. Raises WrongUsageError if `since` is neither."""
    try:
        found = listed(catalogue(), since or "")
    except StackferryError as error:
        raise WrongUsageError(str(error), error.hint) from error
    return as_json(found) if session.machine else as_table(found, session.style(error_stream=False))
