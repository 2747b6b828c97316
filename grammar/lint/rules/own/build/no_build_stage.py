"""no-build-stage: Start with FROM, or with ARG before it.

Everything but ARG needs a stage, and a build refuses it where there is none.

    WORKDIR /app
    FROM debian:12

    FROM debian:12
    WORKDIR /app

A file of nothing but ARG has no stage either. DL3061 says the same of an instruction before FROM.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.dockerfile.arguments import READERS
from stackferry.grammar.lint.finding import Hit

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.lint.settings import Settings


def check(file: "Build", settings: "Settings") -> Iterator[Hit]:
    """Instructions before FROM that are not ARG; or ARG, if there is nothing else."""
    for instruction in file.orphans:
        if instruction.keyword not in READERS:
            # It may well have been meant as FROM: what follows it is not a mistake of its own.
            return
        word = instruction.word
        yield Hit(word.start, word.end, f"{instruction.keyword} comes before the first FROM", "move it below FROM")
    if not file.stages and not file.orphans and file.arguments:
        word = file.arguments[-1].word
        yield Hit(word.start, word.end, "there is no FROM after this ARG", "start a stage with FROM")
