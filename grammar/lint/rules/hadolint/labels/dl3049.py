"""DL3049: Set the labels that the configuration requires.

It asks for the labels of `label-schema`, and says nothing without it.

    # label-schema: maintainer = "text"
    FROM debian:12
    LABEL description="An example"

    FROM debian:12
    LABEL maintainer="jo@example.com" description="An example"

What counts is the image that is built: that of the last stage, with the labels of those it starts from. hadolint
reports every stage that neither has the label nor is the base of one that has; with the set hadolint so do we.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.lint.finding import Hit
from stackferry.grammar.lint.rules.hadolint.labels.schema import labels

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.lint.settings import Settings


def check(file: "Build", settings: "Settings") -> Iterator[Hit]:
    """Labels of the schema that an image does not have."""
    if not settings.label_schema:
        return
    wanted = settings.label_schema
    had: dict[int, set[str]] = {part.index: set() for part in file.parts}
    for step, _, key in labels(file):
        if key in wanted:
            had[step.stage.index].add(key)
    for stage in file.stages:
        if stage.parent is not None:
            had[stage.index] |= had[stage.parent.index]
    # The base of a stage is not an image that is meant to be labelled: what the stage has, it need not.
    spared = {index: set(keys) for index, keys in had.items()}
    for stage in reversed(file.stages):
        if stage.parent is not None:
            spared[stage.parent.index] |= spared[stage.index]
    for stage in file.stages if settings.hadolint else file.stages[-1:]:
        for key in wanted:
            if key not in spared[stage.index]:
                word = stage.base
                yield Hit(word.start, word.end, f"the label {key} is missing", f"write LABEL {key}=…")
