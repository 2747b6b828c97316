"""Settings that a configuration passes to rules: registries, labels. `selection.py` decides which rules run."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from stackferry.grammar.lint.release import newer

LABEL_TYPES = ("text", "rfc3339", "semver", "url", "hash", "spdx", "email")
"""Types for the value of a label."""


class Settings(NamedTuple):
    """Options of rules, by hadolint's names (`trustedRegistries`, `label-schema`, `strict-labels`).

    `label_schema` maps a label to one of `LABEL_TYPES`. `release` is the release whose rules apply, empty for the
    newest. `hadolint`: rules that BuildKit defines more narrowly than hadolint follow hadolint, as in
    the set hadolint.
    """

    trusted_registries: tuple[str, ...] = ()
    label_schema: Mapping[str, str] = MappingProxyType({})
    strict_labels: bool = False
    release: str = ""
    hadolint: bool = False

    def widened(self, since: str) -> bool:
        """Whether to report what a check finds only since a release: a widened check waits like a new rule."""
        return not self.release or not newer(since, self.release)


DEFAULTS = Settings()
