"""The page of a rule, and the list of rules: for `lint --explain ID` and `lint --rules`.

A page is the docstring of the rule's module, followed by the data of its catalogue row.
"""

from collections.abc import Iterator
from importlib import import_module
from inspect import cleandoc

from stackferry.grammar.diagnostics import StackferryError
from stackferry.grammar.lint.catalogue import ELSEWHERE, RETIRED, SHELLCHECK_ID, Catalogue
from stackferry.grammar.lint.release import Releases, newer
from stackferry.grammar.lint.rule import OFF, Rule, module_name

_SHELLCHECK = """{name}: A rule of ShellCheck.

Its page is https://www.shellcheck.net/wiki/{name}. Its findings are put where they stand in the Dockerfile, with the
severity that ShellCheck gives them: the sets all and hadolint have all of them, recommended those from warning up."""

_NOWHERE = {
    "DL1000": """DL1000: hadolint cannot read the file.

We report each mistake under a name of its own instead: unknown-instruction, missing-arguments and so on.""",
    "InvalidBaseImagePlatform": """InvalidBaseImagePlatform: The base image is of another platform.

BuildKit sees that when it pulls the image. We ask no registry, so we never report it.""",
}
_RETIRED = """{name}: A rule that hadolint has retired.

The id is accepted in configurations and pragmas, and does nothing."""

_PROBLEM = """{id}: {summary}

Docker refuses to build the file for it. It is reported whatever is selected, unless {id} is ignored by its name."""

_BUG = """{id}: {summary}

Its findings are missing, so the exit code is 3, and the id cannot be ignored. Please report it with the file."""


def page(catalogue: Catalogue, name: str) -> str:
    """The page of an id, or of all rules of an alias. Raises StackferryError for an unknown name."""
    ids = catalogue.ids(name)
    if ids is None:
        close = catalogue.suggestion(name)
        hint = f"did you mean '{close}'?" if close else "list the rules with `stackferry lint --rules`"
        raise StackferryError(f"no such rule: {name}", hint)
    if SHELLCHECK_ID.fullmatch(name):
        return _SHELLCHECK.format(name=name)
    if name in RETIRED or name in ELSEWHERE:
        return _NOWHERE.get(name, _RETIRED.format(name=name))
    return "\n\n\n".join(_page(catalogue, identifier) for identifier in ids)


def _page(catalogue: Catalogue, identifier: str) -> str:
    rule, room = catalogue.rule(identifier), catalogue.room(identifier)
    assert rule is not None
    if not room:
        return (_BUG if identifier == "internal-error" else _PROBLEM).format(id=rule.id, summary=rule.summary)
    text = cleandoc(import_module(f"{room}.{module_name(identifier)}").__doc__ or f"{rule.id}: {rule.summary}")
    return "\n".join([text, "", *_row(rule)])


def _row(rule: Rule) -> Iterator[str]:
    theirs = rule.severity_in("hadolint")
    yield f"Severity: {rule.severity}" + (
        f" ({theirs} in the set hadolint)" if theirs not in ("", rule.severity) else ""
    )
    if rule.severity == OFF:
        yield "Off unless it is selected by its id."
    yield f"Sets: {', '.join(sets(rule))}"
    if rule.aliases:
        yield f"Also known as: {', '.join(rule.aliases)}"
    yield f"Since: {rule.since}"


def sets(rule: Rule) -> tuple[str, ...]:
    """The sets that a rule belongs to."""
    return tuple(name for name in ("recommended", "security", "hadolint", "all") if rule.severity_in(name))


def listed(catalogue: Catalogue, since: str = "", releases: Releases | None = None) -> tuple[Rule, ...]:
    """The rules sorted by id; only those newer than a release or month, if `since` is given.

    Raises StackferryError if `since` is neither.
    """
    rules = sorted(catalogue, key=lambda rule: (rule.id.islower(), rule.id))
    if not since:
        return tuple(rules)
    try:
        release = (releases or Releases()).until(since)
    except ValueError as error:
        raise StackferryError(
            f"--since {since}: {error}", "specify a month such as 2026.12, or a release such as 0.1.0"
        ) from error
    return tuple(rule for rule in rules if not release or newer(rule.since, release))
