"""missing-stage: Copy from an existing stage number.

Stages are counted from 0, and a number that no stage has is never an image.

    FROM golang:1.22
    FROM alpine:3.20
    COPY --from=2 /out /app

    FROM golang:1.22 AS build
    FROM alpine:3.20
    COPY --from=build /out /app

A name lives longer than a number, which another stage may move.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.dockerfile.facts.sources import sources
from stackferry.grammar.lint.finding import Hit
from stackferry.grammar.regex import regex

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.lint.settings import Settings

_NUMBER = regex(r"[+-]?[0-9]{1,18}")


def check(file: "Build", settings: "Settings") -> Iterator[Hit]:
    """Numbers beyond the stages; BuildKit counts images that are copied or mounted from as stages of their own."""
    count = len(file.stages)
    for step in file.steps("COPY", "RUN"):
        if step.onbuild:
            continue
        for name, word in sources(step, unnamed=True):
            if step.keyword == "COPY" and _NUMBER.fullmatch(name):
                if not 0 <= int(name) < count:
                    yield Hit(
                        word.start,
                        word.end,
                        f"stage {name} does not exist",
                        "give the stage a name: FROM image AS name",
                    )
            elif file.stage_named(name) is None:
                count += 1
