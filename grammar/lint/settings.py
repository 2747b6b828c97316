"""What a configuration tells the rules themselves: registries, labels. Which rules run is `selection.py`'s matter."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple


class Settings(NamedTuple):
    """Options of rules, by hadolint's names (`trustedRegistries`, `label-schema`, `strict-labels`).

    `label_schema` maps a label to text, rfc3339, semver, url, hash, spdx or email. `hadolint`: rules that BuildKit
    reads more narrowly than hadolint are read as hadolint does; so it is with the set hadolint.
    """

    trusted_registries: tuple[str, ...] = ()
    label_schema: Mapping[str, str] = MappingProxyType({})
    strict_labels: bool = False
    hadolint: bool = False


DEFAULTS = Settings()
