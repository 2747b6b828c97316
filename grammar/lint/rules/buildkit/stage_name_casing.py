"""StageNameCasing: Name stages in lower case.

FROM only finds a stage by its name in lower case, while COPY --from finds it in any.

    FROM golang:1.22 AS Build

    FROM golang:1.22 AS build
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.lint.finding import Hit

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.lint.settings import Settings


def check(file: "Build", settings: "Settings") -> Iterator[Hit]:
    """Names with letters in upper case (BuildKit's isLowerCaseStageName)."""
    for stage in file.stages:
        words = stage.instruction.words
        if len(words) == 3 and words[2].text != words[2].text.lower():
            word = words[2]
            message = f"the stage name {word.text} is not lowercase"
            yield Hit(word.start, word.end, message, f"write {word.text.lower()}")
