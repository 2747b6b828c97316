"""`lint --explain`: the page of a rule, which is the docstring of its module; nothing is fetched."""

from importlib import import_module

from stackferry.errors import WrongUsageError
from stackferry.grammar.lint.catalogue import RETIRED, SHELLCHECK_ID, Catalogue
from stackferry.grammar.lint.rule import Rule, module_name

ELSEWHERE = {
    "DL1000": "DL1000 is how hadolint says that it cannot read a file. Here that is what the parser reports, by ids of "
    "its own: `stackferry lint --rules` lists them first or last, as errors of every set.",
    "InvalidBaseImagePlatform": "InvalidBaseImagePlatform needs the base image from its registry. `docker build "
    "--check` has it; a linter that works without a network has not.",
}


def explained(name: str, rules: Catalogue) -> str:
    """What is known of an id or alias, with the end of its last line.

    Raises WrongUsageError for one that nobody knows.
    """
    ids = rules.ids(name)
    if ids is None:
        close = rules.suggestion(name)
        hint = f"did you mean '{close}'?" if close else "`stackferry lint --rules` lists them"
        raise WrongUsageError(f"--explain: there is no rule {name!r}", hint)
    if SHELLCHECK_ID.fullmatch(name):
        return f"{name} is ShellCheck's: https://www.shellcheck.net/wiki/{name}\n"
    if not ids:
        return _without_rule(name)
    pages = [_page(rule, rules.room(rule.id)) for rule in map(rules.rule, ids) if rule is not None]
    return "\n\n".join(pages) + "\n"


def _without_rule(name: str) -> str:
    if name in RETIRED:
        return f"{name} is a rule that hadolint had once. It names nothing, and is accepted wherever an id is.\n"
    return f"{ELSEWHERE[name]}\n"


def _page(rule: Rule, room: str) -> str:
    facts = [f"severity: {rule.severity}"]
    if rule.sets:
        facts.append(f"sets: {', '.join(rule.sets)}")
    elif not room:
        facts.append("in every set")
    if rule.aliases:
        facts.append(f"also known as {', '.join(rule.aliases)}")
    facts.append(f"since {rule.since}")
    page = [f"{rule.id}: {rule.summary}", "; ".join(facts)]
    told = (import_module(f"{room}.{module_name(rule.id)}").__doc__ or "").strip() if room else ""
    return "\n\n".join(["\n".join(page), told] if told else ["\n".join(page)])
