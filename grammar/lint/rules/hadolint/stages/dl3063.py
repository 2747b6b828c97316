"""DL3063: Do not give a stage a reserved name.

`scratch` is the empty image and `context` the folder that is built from; a stage of that name hides them.

    FROM alpine:3.20 AS scratch

    FROM alpine:3.20 AS empty

The case of letters makes no difference, as for BuildKit; for hadolint it does.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.lint.finding import Hit

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.lint.settings import Settings


def check(file: "Build", settings: "Settings") -> Iterator[Hit]:
    """Stages that are called scratch or context (BuildKit's reservedStageNames)."""
    for stage in file.stages:
        if stage.name in ("scratch", "context"):
            word = stage.instruction.words[2]
            yield Hit(word.start, word.end, f"{stage.name} is a reserved name", "give the stage another name")
