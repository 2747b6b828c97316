"""Terms of `select`, `ignore` and `--select`: an id, an alias, a prefix of ids, a set or a family.

If two terms name the same rule, the narrower one wins: an id over `DL3`, `DL3` over `DL`, `DL` over a set.
"""

from typing import NamedTuple

from stackferry.grammar.lint.catalogue import RETIRED, SHELLCHECK_ID, Catalogue, is_buildkit_check
from stackferry.grammar.lint.finding import SEVERITIES
from stackferry.grammar.lint.release import newer
from stackferry.grammar.regex import regex

SETS = ("recommended", "all", "security", "hadolint", "none")
"""The sets that a configuration may start from. `none` has no rule: only selected rules run."""

FAMILIES = ("buildkit", "own")
"""Further terms: the checks that BuildKit has too, and those that only we have."""

_SHELLCHECK_IN = {"recommended": "warning", "all": "style", "hadolint": "style"}
"""The least severity from which a set includes ShellCheck's findings."""

_PREFIX = regex(r"[A-Z][A-Z0-9_-]+")
_SHELLCHECK_PREFIX = regex(r"SC[0-9]{0,3}")
_EXACT = 1_000


class Term(NamedTuple):
    """The rules of a term. `weight` grows with how narrow the term is.

    `shellcheck` is the prefix of the ShellCheck ids it includes, None for none; `least` the least severity
    of these.
    """

    weight: int
    ids: frozenset[str]
    shellcheck: str | None = None
    least: str = "style"

    def covers(self, identifier: str, severity: str) -> bool:
        """Whether the term includes a rule; `severity` is ShellCheck's for the finding."""
        if identifier in self.ids:
            return True
        if self.shellcheck is None or not identifier.startswith(self.shellcheck):
            return False
        return bool(SHELLCHECK_ID.fullmatch(identifier)) and at_least(severity, self.least)


def at_least(severity: str, least: str) -> bool:
    """Whether a severity is at least as bad as another."""
    return SEVERITIES.index(severity) <= SEVERITIES.index(least)


def term(catalogue: Catalogue, text: str, release: str = "") -> Term | None:
    """Resolve a term; None if it is unknown.

    Rules newer than `release` (if given) are included only by their own ids and aliases.
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
    """The known term closest to an unknown one; empty if none is close."""
    from stackferry.grammar.suggest import closest

    return catalogue.suggestion(text) or closest(text, (*SETS, *FAMILIES))
