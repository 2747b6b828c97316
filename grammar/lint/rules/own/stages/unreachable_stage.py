"""unreachable-stage: Remove stages that the image does not use.

The last stage is built, with the stages that it needs. What it does not need is never built, unless by --target.

    FROM golang:1.22 AS build
    RUN go build -o /app
    FROM debian:12
    CMD ["/app"]

    FROM golang:1.22 AS build
    RUN go build -o /app
    FROM debian:12
    COPY --from=build /app /app
    CMD ["/app"]

Stages for tests or development are built by --target: this rule is not in the recommended set. It says nothing of a
file in which a FROM or --from holds a variable.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.dockerfile.facts.sources import source_stage, sources
from stackferry.grammar.lint.finding import Hit

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build, Stage
    from stackferry.grammar.lint.settings import Settings


def check(file: "Build", settings: "Settings") -> Iterator[Hit]:
    """Stages that the last one does not need."""
    if len(file.stages) < _FEWEST or any("$" in stage.base.text for stage in file.stages):
        return
    needed: set[int] = set()
    waiting: list[Stage] = [file.stages[-1]]
    while waiting:
        stage = waiting.pop()
        if stage.index in needed:
            continue
        needed.add(stage.index)
        waiting += [stage.parent] if stage.parent is not None else []
        for step in stage.steps:
            for name, _ in sources(step):
                source = source_stage(file, name, numbers=step.keyword == "COPY")
                waiting += [source] if source is not None else []
    if any("$" in name for step in file.steps("COPY", "RUN") for name, _ in sources(step, unnamed=True)):
        return
    for stage in file.stages:
        if stage.index not in needed:
            word = stage.instruction.words[-1] if stage.name else stage.base
            message = f"the image does not need stage {stage.name or stage.index}"
            yield Hit(word.start, word.end, message, "remove it, or copy from it")


_FEWEST = 2
