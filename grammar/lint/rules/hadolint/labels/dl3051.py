"""DL3051: Give a label a value.

It looks at labels of `label-schema`, of any type: an empty one says nothing.

    # label-schema: maintainer = "text"
    FROM debian:12
    LABEL maintainer=""

    FROM debian:12
    LABEL maintainer="jo@example.com"

A value that holds a variable that the file does not tell is not reported.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.lint.finding import Hit
from stackferry.grammar.lint.rules.hadolint.labels.schema import values

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.lint.settings import Settings


def check(file: "Build", settings: "Settings") -> Iterator[Hit]:
    """Labels of the schema that are empty."""
    for key, value, word in values(file, settings):
        if not value:
            yield Hit(word.start, word.end, f"the label {key} is empty", "give it a value, or remove it")
