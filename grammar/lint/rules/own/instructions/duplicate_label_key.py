"""duplicate-label-key: Set each label only once in a stage.

The last value wins, and the first is only there to be read by mistake.

    FROM debian:12
    LABEL version=1
    LABEL version=2

    FROM debian:12
    LABEL version=2

A stage may well override the label of the stage that it is built on.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.lint.finding import Hit

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.lint.settings import Settings


def check(file: "Build", settings: "Settings") -> Iterator[Hit]:
    """Keys that the stage has set before."""
    for stage in file.parts:
        lines: dict[str, int] = {}
        for step in stage.steps:
            if step.keyword != "LABEL" or step.onbuild:
                continue
            for pair in step.instruction.pairs:
                key = step.expanded(pair.name.text)
                if not key:
                    continue
                if key in lines:
                    message = f"the label {key} is already set in line {lines[key]}"
                    yield Hit(pair.name.start, pair.name.end, message, "keep one of them")
                lines.setdefault(key, file.source.position(pair.name.start).line)
