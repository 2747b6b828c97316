"""DL4000: Name the author with LABEL, not with MAINTAINER.

MAINTAINER is deprecated, and labels are what other tools read.

    FROM debian:12
    MAINTAINER Jo Doe <jo@example.com>

    FROM debian:12
    LABEL org.opencontainers.image.authors="Jo Doe <jo@example.com>"
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.lint.finding import Hit

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.lint.settings import Settings


def check(file: "Build", settings: "Settings") -> Iterator[Hit]:
    """Every MAINTAINER (BuildKit's ParseInstructionWithLinter)."""
    for instruction in file.dockerfile.instructions:
        if instruction.keyword == "MAINTAINER":
            word = instruction.word
            hint = 'write LABEL org.opencontainers.image.authors="…"'
            yield Hit(word.start, word.end, "MAINTAINER is deprecated", hint)
