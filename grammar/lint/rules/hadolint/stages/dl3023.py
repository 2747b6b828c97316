"""DL3023: Do not let a stage copy from itself.

A stage is not there yet while it is built, so that a build fails.

    FROM golang:1.22 AS build
    COPY --from=build /go/bin/app /app

    FROM golang:1.22 AS build
    FROM alpine:3.20
    COPY --from=build /go/bin/app /app

BuildKit refuses its number and its name in another case, too; hadolint only sees the name as it is written.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.lint.finding import Hit

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.lint.settings import Settings


def check(file: "Build", settings: "Settings") -> Iterator[Hit]:
    """Values of --from that name the stage they are in (BuildKit's validateCircularDependency)."""
    for step in file.steps("COPY"):
        flag = step.instruction.flag("from")
        if flag is None or not flag.value or step.onbuild:
            continue
        if step.stage.is_called(flag.value):
            message = f"--from={flag.value} refers to the stage itself"
            yield Hit(flag.word.start, flag.word.end, message, "name an earlier stage")
