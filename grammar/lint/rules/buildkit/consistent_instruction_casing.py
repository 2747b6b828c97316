"""ConsistentInstructionCasing: Write all instructions in the same case.

A file is easier to read where instructions look alike; upper case is usual.

    FROM alpine:3.20
    run apk add curl
    Copy . /app

    FROM alpine:3.20
    RUN apk add curl
    COPY . /app

The majority of the file decides between upper and lower case, upper case if there is none. ARG before the first FROM
and triggers of ONBUILD do not count, as for BuildKit.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.dockerfile.arguments import READERS
from stackferry.grammar.lint.finding import Hit

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.lint.settings import Settings


def check(file: "Build", settings: "Settings") -> Iterator[Hit]:
    """Keywords that are not in the case of most (BuildKit's validateCommandCasing)."""
    if not file.stages:
        return
    begin = file.stages[0].instruction.start
    words = [each.word for each in file.dockerfile.instructions if each.start >= begin and each.keyword in READERS]
    lower = sum(word.text.islower() for word in words)
    upper = sum(word.text.isupper() for word in words)
    is_lower = lower > upper
    for word in words:
        wanted = word.text.lower() if is_lower else word.text.upper()
        if word.text != wanted:
            case = "lower" if is_lower else "upper"
            yield Hit(
                word.start, word.end, f"most instructions are in {case} case, {word.text} is not", f"write {wanted}"
            )
