"""DL3061: Start with FROM, or with ARG before it.

Every other instruction needs a stage, and a build refuses it where there is none.

    ENV LANG=C.UTF-8
    FROM debian:12

    ARG VERSION=12
    FROM debian:${VERSION}
    ENV LANG=C.UTF-8
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.dockerfile.arguments import READERS
from stackferry.grammar.lint.finding import Hit

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.lint.settings import Settings


def check(file: "Build", settings: "Settings") -> Iterator[Hit]:
    """Instructions before the first FROM that are not ARG."""
    for instruction in file.orphans:
        if instruction.keyword not in READERS:
            # It may well have been meant as FROM: what follows it is not a mistake of its own.
            return
        word = instruction.word
        message = f"{instruction.keyword} comes before the first FROM"
        yield Hit(word.start, word.end, message, "move it below FROM")
