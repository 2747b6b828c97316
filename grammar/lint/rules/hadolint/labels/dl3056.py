"""DL3056: Give a label of type semver a semantic version.

It looks at labels that `label-schema` gives that type.

    # label-schema: version = "semver"
    FROM debian:12
    LABEL version=v1.2

    FROM debian:12
    LABEL version=1.2.0

Numbers have no zeros before them (semver.org); hadolint takes `2026.01.05`, and with the set hadolint so do we.
A value that holds a variable that the file does not tell is not reported.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.lint.rules.hadolint.labels.schema import mismatched
from stackferry.grammar.regex import regex

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.lint.finding import Hit
    from stackferry.grammar.lint.settings import Settings

_NUMBER = r"(?:0|[1-9][0-9]*)"
_IDENTIFIER = r"(?:0|[1-9][0-9]*|[0-9]*[A-Za-z-][0-9A-Za-z-]*)"
_VERSION = regex(
    rf"{_NUMBER}\.{_NUMBER}\.{_NUMBER}(?:-{_IDENTIFIER}(?:\.{_IDENTIFIER})*)?(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?"
)
_HADOLINT = regex(
    r"[0-9]+\.[0-9]+\.[0-9]+(?:-(?:[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?)?(?:\+(?:[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?)?"
)


def check(file: "Build", settings: "Settings") -> "Iterator[Hit]":
    """Values that are not semantic versions."""
    pattern = _HADOLINT if settings.hadolint else _VERSION
    return mismatched(
        file, settings, "semver", pattern, "a semantic version", "write it in the form 1.2.0 or 1.2.0-rc.1"
    )
