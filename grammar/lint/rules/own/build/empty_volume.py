"""empty-volume: Give VOLUME a path.

A path that is empty, also after its variables are filled in, fails the build.

    FROM debian:12
    VOLUME "$DATA"

    FROM debian:12
    ENV DATA=/data
    VOLUME "$DATA"

A variable that the base image may set is not judged.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.dockerfile.facts.filled import filled
from stackferry.grammar.lint.finding import Hit

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.lint.settings import Settings


def check(file: "Build", settings: "Settings") -> Iterator[Hit]:
    """Paths that are empty (BuildKit's dispatchVolume)."""
    for step in file.steps("VOLUME"):
        if step.onbuild:
            continue
        for word in step.instruction.json or step.instruction.words:
            if filled(step, word.text) == "":
                message = f"{word.text} is empty" if "$" in word.text else "the path of a volume is empty"
                yield Hit(word.start, word.end, message, "write the path of a folder")
