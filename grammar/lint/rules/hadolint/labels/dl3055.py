"""DL3055: Give a label of type hash a Git hash.

It looks at labels that `label-schema` gives that type. A hash is in lower case, and whole or shortened to seven
characters or more.

    # label-schema: revision = "hash"
    FROM debian:12
    LABEL revision=main

    FROM debian:12
    LABEL revision=45f0bd2b7b5e1ba0d9f5e3c7f2b5a2b8a0f9a1c3

hadolint takes seven or forty characters, and nothing between; with the set hadolint so do we.
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

_HASH = regex(r"[0-9a-f]{7,40}|[0-9a-f]{64}")
_HADOLINT = regex(r"[0-9a-f]{7}|[0-9a-f]{40}")


def check(file: "Build", settings: "Settings") -> "Iterator[Hit]":
    """Values that are not hashes."""
    pattern = _HADOLINT if settings.hadolint else _HASH
    return mismatched(file, settings, "hash", pattern, "a Git hash", "write what `git rev-parse HEAD` prints")
