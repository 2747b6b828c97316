"""What a configuration tells the rules themselves: registries, labels. Which rules run is `selection.py`'s matter."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple


class Settings(NamedTuple):
    """Options of rules, by hadolint's names (`trustedRegistries`, `label-schema`, `strict-labels`).

    `label_schema` maps a label to text, rfc3339, semver, url, hash, spdx or email.
    """

    trusted_registries: tuple[str, ...] = ()
    label_schema: Mapping[str, str] = MappingProxyType({})
    strict_labels: bool = False


DEFAULTS = Settings()
