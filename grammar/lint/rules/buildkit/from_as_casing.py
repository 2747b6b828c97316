"""FromAsCasing: Write FROM and AS in the same case.

They are one instruction, and easier to read where they look alike.

    FROM alpine:3.20 as base

    FROM alpine:3.20 AS base

hadolint users ask for it in hadolint #1026.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.lint.finding import Hit

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.lint.settings import Settings


def check(file: "Build", settings: "Settings") -> Iterator[Hit]:
    """AS in another case than its FROM (BuildKit's doesFromCaseMatchAsCase)."""
    for stage in file.stages:
        keyword, words = stage.instruction.word.text, stage.instruction.words
        if len(words) < 3 or not (keyword.islower() or keyword.isupper()):
            continue
        word = words[1]
        wanted = word.text.lower() if keyword.islower() else word.text.upper()
        if word.text != wanted:
            yield Hit(word.start, word.end, f"{word.text} is not in the same case as {keyword}", f"write {wanted}")
