"""circular-stages: Copy from earlier stages.

Stages are built in their order. What a later stage makes, or the stage itself, is not there yet.

    FROM alpine:3.20 AS app
    COPY --from=build /out /app
    FROM golang:1.22 AS build

    FROM golang:1.22 AS build
    FROM alpine:3.20 AS app
    COPY --from=build /out /app

So it is with `RUN --mount=from=`. A name means the last stage that has it, whatever its case, even if an earlier stage
has it too. DL3023 says the same of a COPY from the stage itself.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.dockerfile.facts.sources import source_stage, sources
from stackferry.grammar.lint.finding import Hit

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.lint.settings import Settings


def check(file: "Build", settings: "Settings") -> Iterator[Hit]:
    """Sources that are the stage itself or a later one (BuildKit's dispatch and validateCircularDependency)."""
    for step in file.steps("COPY", "RUN"):
        if step.onbuild:
            continue
        for name, word in sources(step):
            stage = source_stage(file, name, numbers=step.keyword == "COPY")
            if stage is not None and stage.index >= step.stage.index:
                own = stage is step.stage
                message = f"stage {name} is " + ("not built yet: it is this one" if own else "built after this one")
                yield Hit(word.start, word.end, message, "move the stage up, or name an earlier one")
