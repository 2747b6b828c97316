"""What a configuration tells the rules themselves: registries, labels. Which rules run is `selection.py`'s matter."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from stackferry.grammar.lint.release import newer

LABEL_TYPES = ("text", "rfc3339", "semver", "url", "hash", "spdx", "email")
"""What the value of a label may have to be."""


class Settings(NamedTuple):
    """Options of rules, by hadolint's names (`trustedRegistries`, `label-schema`, `strict-labels`).

    `label_schema` maps a label to one of `LABEL_TYPES`. `release` is the one whose rules are in force, empty for the
    newest. `hadolint`: rules that BuildKit reads more narrowly than hadolint are read as hadolint does; so it is with
    the set hadolint.
    """

    trusted_registries: tuple[str, ...] = ()
    label_schema: Mapping[str, str] = MappingProxyType({})
    strict_labels: bool = False
    release: str = ""
    hadolint: bool = False

    def widened(self, since: str) -> bool:
        """Whether what a check finds only since a release is asked for: a widening waits as a new rule does."""
        return not self.release or not newer(since, self.release)


DEFAULTS = Settings()
