"""copy-from-empty-scratch-stage: Copy from a stage that has files.

A stage from scratch into which nothing is put has nothing to copy, and the build fails.

    FROM scratch AS files
    ENV KIND=files
    FROM debian:12
    COPY --from=files /app /app

    FROM scratch AS files
    COPY app /app
    FROM debian:12
    COPY --from=files /app /app

ADD, COPY, RUN and WORKDIR put something into it, also those of a stage that it is built on. To copy all of nothing
(`COPY --from=files / /`) is no error: such a stage is a place for `--build-context files=…`.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.dockerfile.facts.sources import source_stage, sources
from stackferry.grammar.lint.finding import Hit

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build, Stage
    from stackferry.grammar.lint.settings import Settings

_ALL = frozenset(("/", ".", "./", "/.", "*", "/*"))
_FILLING = ("ADD", "COPY", "RUN", "WORKDIR")


def check(file: "Build", settings: "Settings") -> Iterator[Hit]:
    """COPY from stages without files."""
    for step in file.steps("COPY"):
        if all(word.text in _ALL for word in step.instruction.words[:-1]):
            continue
        for name, word in sources(step):
            stage = source_stage(file, name, numbers=True)
            if stage is not None and stage.index < step.stage.index and not step.onbuild and _is_empty(stage):
                yield Hit(word.start, word.end, f"stage {name} has no files", "copy from a stage that has them")


def _is_empty(stage: "Stage") -> bool:
    filled = any(step.keyword in _FILLING for part in stage.lineage for step in part.steps)
    return not filled and stage.root.image == "scratch"
