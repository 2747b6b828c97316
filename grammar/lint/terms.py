"""What may stand in `select`, `ignore` and `--select`: an id, an alias, the beginning of ids, a set or a family.

The narrower term decides where two speak of one rule: an id beats `DL3`, `DL3` beats `DL`, `DL` beats a set.
"""

from typing import NamedTuple

from stackferry.grammar.lint.catalogue import RETIRED, SHELLCHECK_ID, Catalogue, is_buildkit_check
from stackferry.grammar.lint.finding import SEVERITIES
from stackferry.grammar.lint.release import newer
from stackferry.grammar.regex import regex

SETS = ("recommended", "all", "security", "hadolint", "none")
"""The sets that a configuration may start from. `none` has no rule: what is selected is all there is."""

FAMILIES = ("buildkit", "own")
"""Terms beside the sets: the checks that BuildKit has too, and those that only we have."""

_SHELLCHECK_IN = {"recommended": "warning", "all": "style", "hadolint": "style"}
"""From which severity up a set takes what ShellCheck says."""

_PREFIX = regex(r"[A-Z][A-Z0-9_-]+")
_SHELLCHECK_PREFIX = regex(r"SC[0-9]{0,3}")
_EXACT = 1_000


class Term(NamedTuple):
    """The rules that a term means. `weight` grows with how narrowly it says so.

    `shellcheck` is the beginning of the ids of ShellCheck that it means, None for none of them; `least` the severity
    from which it means them.
    """

    weight: int
    ids: frozenset[str]
    shellcheck: str | None = None
    least: str = "style"

    def covers(self, identifier: str, severity: str) -> bool:
        """Whether the term means a rule; `severity` is what ShellCheck gives the finding."""
        if identifier in self.ids:
            return True
        if self.shellcheck is None or not identifier.startswith(self.shellcheck):
            return False
        return bool(SHELLCHECK_ID.fullmatch(identifier)) and at_least(severity, self.least)


def at_least(severity: str, least: str) -> bool:
    """Whether a severity is as bad as another one, or worse."""
    return SEVERITIES.index(severity) <= SEVERITIES.index(least)


def term(catalogue: Catalogue, text: str, release: str = "") -> Term | None:
    """What a term means; None if it is unknown.

    Rules newer than `release` (if it is given) are meant only by their own ids and aliases.
    """
    named = catalogue.ids(text)
    if named is not None:
        return Term(_EXACT, frozenset(named), text if SHELLCHECK_ID.fullmatch(text) else None)
    there = [rule for rule in catalogue.optional if not (release and newer(rule.since, release))]
    if text in SETS:
        ids = frozenset(rule.id for rule in there if rule.severity_in(text))
        return Term(1, ids, "SC" if text in _SHELLCHECK_IN else None, _SHELLCHECK_IN.get(text, "style"))
    if text == "buildkit":
        return Term(1, frozenset(rule.id for rule in there if is_buildkit_check(rule)))
    if text == "own":
        return Term(1, frozenset(rule.id for rule in there if rule.id.islower()))
    if not _PREFIX.fullmatch(text):
        return None
    ids = frozenset(rule.id for rule in there if any(name.startswith(text) for name in (rule.id, *rule.aliases)))
    shellcheck = text if _SHELLCHECK_PREFIX.fullmatch(text) else None
    if not ids and shellcheck is None and not any(name.startswith(text) for name in RETIRED):
        return None
    return Term(1 + len(text), ids, shellcheck)


def suggestion(catalogue: Catalogue, text: str) -> str:
    """The term that is closest to an unknown one; empty if none is close."""
    from stackferry.grammar.suggest import closest

    return catalogue.suggestion(text) or closest(text, (*SETS, *FAMILIES))
