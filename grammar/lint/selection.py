"""Decides which rules run for a file, and with which severity, from a configuration and the catalogue.

The command line wins over the file's `select` and `ignore`, and these over its `set`. Among several terms the
narrowest wins (`terms.py`); of two equally narrow terms, the one that ignores. `per-file-ignores` always wins.
"""

import os
from collections.abc import Iterable, Mapping

from stackferry.grammar.lint.catalogue import SHELLCHECK_ID, Catalogue
from stackferry.grammar.lint.config.config import Choice, Config
from stackferry.grammar.lint.finding import SEVERITIES
from stackferry.grammar.lint.globs import matches
from stackferry.grammar.lint.problems import INTERNAL_ERROR, PROBLEMS
from stackferry.grammar.lint.release import Releases
from stackferry.grammar.lint.rule import OFF
from stackferry.grammar.lint.settings import Settings
from stackferry.grammar.lint.terms import Term, term

DEFAULT = "info"
"""The severity of a rule that is off by default but selected without a severity."""

_ALWAYS = frozenset(rule.id for rule in PROBLEMS)


class Selection:
    """The rules for one file. `settings` are passed to their checks."""

    __slots__ = ("_severities", "_shellcheck", "_taken", "rules", "selector", "settings")

    def __init__(self, selector: "Selector", taken: tuple[Term, ...]) -> None:
        self.selector = selector
        self.settings = selector.settings
        self._taken = taken
        self._severities: dict[str, str] = {}
        self._shellcheck: dict[tuple[str, str], str] = {}
        for rule in selector.catalogue:
            if self._wants(rule.id, rule.severity):
                self._severities[rule.id] = selector.severity(rule.id, rule.severity)
        self.rules: tuple[str, ...] = tuple(name for name in self._severities if name not in _ALWAYS)

    def severity(self, identifier: str, own: str = "") -> str:
        """The severity with which a finding is reported; empty if it is not.

        `own` is the check's severity for this finding; for ShellCheck there is no other.
        """
        if not SHELLCHECK_ID.fullmatch(identifier):
            chosen = self._severities.get(identifier, "")
            return own if chosen and own and not self.selector.is_fixed(identifier) else chosen
        known = self._shellcheck.get((identifier, own))
        if known is None:
            known = self.selector.severity(identifier, own) if self._wants(identifier, own) else ""
            self._shellcheck[identifier, own] = known
        return known

    @property
    def shellcheck(self) -> bool:
        """Whether any finding of ShellCheck would be reported."""
        return any(self._wants(identifier, severity) for identifier, severity in self.selector.shellcheck_samples())

    def _wants(self, identifier: str, severity: str) -> bool:
        if identifier == INTERNAL_ERROR:
            return True
        return self.selector.wants(identifier, severity) and not any(
            taken.covers(identifier, severity) for taken in self._taken
        )


class Selector:
    """The selections of one configuration; files that its globs treat alike share one."""

    __slots__ = ("_globs", "_kept", "_layers", "_set", "_severities", "catalogue", "config", "settings")

    def __init__(self, catalogue: Catalogue, config: Config, releases: Releases | None = None) -> None:
        self.catalogue = catalogue
        self.config = config
        release = config.rules or (releases or Releases()).baseline()
        self.settings: Settings = config.settings._replace(release=release, hadolint=config.set == "hadolint")
        layers = (config.command_line, Choice(config.select, config.ignore))
        self._layers = [(self._terms(layer.select, release), self._terms(layer.ignore, release)) for layer in layers]
        self._set = self._terms((config.set,), release)[0]
        self._globs = [(glob, self._terms(names, release)) for glob, names in config.per_file_ignores]
        self._severities: Mapping[str, str] = config.severities
        if config.set == "hadolint":
            theirs = {rule.id: rule.severity_in("hadolint") or rule.severity for rule in catalogue.optional}
            self._severities = {**theirs, **config.severities}
        self._kept: dict[tuple[int, ...], Selection] = {}

    def of(self, path: str) -> Selection:
        """The selection for a file; `path` is absolute, or relative to the configuration's directory."""
        relative = os.path.relpath(path, self.config.folder) if os.path.isabs(path) and self.config.folder else path
        matched = tuple(index for index, (glob, _) in enumerate(self._globs) if matches(glob, relative))
        if matched not in self._kept:
            taken = tuple(term for index in matched for term in self._globs[index][1])
            self._kept[matched] = Selection(self, taken)
        return self._kept[matched]

    def wants(self, identifier: str, severity: str) -> bool:
        """Whether a rule is selected, ignoring `per-file-ignores`."""
        for select, ignore in self._layers:
            added = _weight(select, identifier, severity)
            taken = _weight(ignore, identifier, severity)
            if added or taken:
                return added > taken
        return identifier in _ALWAYS or self._set.covers(identifier, severity)

    def severity(self, identifier: str, own: str) -> str:
        """The severity of a rule, given its own severity."""
        found = self._severities.get(identifier, own)
        return DEFAULT if found == OFF else found

    def is_fixed(self, identifier: str) -> bool:
        """Whether the configuration sets a rule's severity, whatever the check returns for a finding."""
        return identifier in self._severities

    def shellcheck_samples(self) -> Iterable[tuple[str, str]]:
        """Sample ids of ShellCheck: some that terms name, and one that no term names, in each severity."""
        named = {
            covering.shellcheck.ljust(6, "0")
            for select, _ in self._layers
            for covering in select
            if covering.shellcheck is not None
        }
        return [(identifier, severity) for identifier in sorted(named | {"SC9999"}) for severity in SEVERITIES]

    def _terms(self, texts: Iterable[str], release: str) -> tuple[Term, ...]:
        found = (term(self.catalogue, text, release) for text in texts)
        return tuple(known for known in found if known is not None)


def _weight(terms: Iterable[Term], identifier: str, severity: str) -> int:
    return max((known.weight for known in terms if known.covers(identifier, severity)), default=0)
