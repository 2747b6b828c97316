r"""NoEmptyContinuation: Do not put empty lines between continuation lines.

They look as if the instruction ended there, and will be an error in a later version of BuildKit.

    FROM debian:12
    RUN apt-get update && \

        apt-get install -y --no-install-recommends curl

    FROM debian:12
    RUN apt-get update && \
        apt-get install -y --no-install-recommends curl

A comment line may stand between. The first blank line of an instruction is reported.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.lint.finding import Hit

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.lint.settings import Settings


def check(file: "Build", settings: "Settings") -> Iterator[Hit]:
    """Instructions with blank lines in them (BuildKit's Parse)."""
    text = file.source.text
    for instruction in file.dockerfile.instructions:
        if instruction.blank_lines:
            start = instruction.blank_lines[0]
            end = text.find("\n", start)
            message = f"this {instruction.keyword} continues after an empty line"
            yield Hit(start, end if end >= 0 else len(text), message, "remove the line, or make it a comment")
