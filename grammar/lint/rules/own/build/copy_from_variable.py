"""copy-from-variable: Do not use variables in --from.

A build has to know its stages before it fills in variables, and refuses one in --from.

    ARG VERSION=1.22
    FROM alpine:3.20
    COPY --from=golang:${VERSION} /usr/local/go /usr/local/go

    ARG VERSION=1.22
    FROM golang:${VERSION} AS go
    FROM alpine:3.20
    COPY --from=go /usr/local/go /usr/local/go

Quotes and escapes in the name are refused as well.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.dockerfile.expand import ExpansionError, process_word
from stackferry.grammar.lint.finding import Hit

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.lint.settings import Settings


def check(file: "Build", settings: "Settings") -> Iterator[Hit]:
    """Values of --from that an expansion changes (BuildKit's toCommand)."""
    for step in file.steps("COPY"):
        flag = step.instruction.flag("from")
        if flag is None or not flag.value or step.onbuild:
            continue
        try:
            plain = process_word(flag.value, {}, file.dockerfile.escape)
        except ExpansionError:
            plain = ""
        if plain != flag.value:
            message = f"--from={flag.value} cannot contain a variable" if "$" in flag.value else f"--from={flag.value}"
            message += "" if "$" in flag.value else " cannot contain quotes or escapes"
            yield Hit(flag.word.start, flag.word.end, message, "use the variable in a FROM, and copy from that stage")
