"""LegacyKeyValueFormat: Write ENV and LABEL as name=value.

Between blanks the value is all the rest of the line, which is easily misread.

    FROM debian:12
    ENV LANG C.UTF-8

    FROM debian:12
    ENV LANG=C.UTF-8

It is what BuildKit reports most often.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.lint.finding import Hit

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.lint.settings import Settings


def check(file: "Build", settings: "Settings") -> Iterator[Hit]:
    """Pairs without an equals sign (BuildKit's dispatchEnv and dispatchLabel)."""
    for step in file.steps("ENV", "LABEL"):
        if step.onbuild:
            continue
        for pair in step.instruction.pairs:
            if pair.legacy:
                message = f"{step.keyword} {pair.name.text} has its value after a space"
                yield Hit(pair.name.start, pair.name.end, message, f"write {step.keyword} {pair.name.text}=value")
