"""DL3050: Set only labels that the configuration declares.

It asks for the labels of `label-schema`, and says nothing unless `strict-labels` is set.

    # strict-labels: true, label-schema: maintainer = "text"
    FROM debian:12
    LABEL maintainer="jo@example.com" maintaner="jo@example.com"

    FROM debian:12
    LABEL maintainer="jo@example.com"
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.lint.finding import Hit
from stackferry.grammar.lint.rules.hadolint.labels.schema import labels
from stackferry.grammar.suggest import Suggestions

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.lint.settings import Settings


def check(file: "Build", settings: "Settings") -> Iterator[Hit]:
    """Labels that are not in the schema."""
    if not settings.strict_labels:
        return
    suggestions = Suggestions()
    for _, pair, key in labels(file):
        if key not in settings.label_schema:
            message = f"the label {key} is not in the label schema"
            hint = suggestions.did_you_mean(key, settings.label_schema) or "remove it, or add it to the schema"
            yield Hit(pair.name.start, pair.name.end, message, hint)
