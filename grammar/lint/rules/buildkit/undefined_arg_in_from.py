"""UndefinedArgInFrom: Declare the arguments used in FROM.

FROM sees what ARG declares before the first FROM, and nothing else: a variable that is not there is empty.

    ARG ALPINE_VERSION=3.20
    FROM alpine:${ALPINEVERSION}

    ARG ALPINE_VERSION=3.20
    FROM alpine:${ALPINE_VERSION}

Arguments of the platform, such as $BUILDPLATFORM, are always there. A default in place (`${VERSION:-3.20}`) changes
nothing: without an ARG nobody can set another value.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.dockerfile.facts.scope import PLATFORM
from stackferry.grammar.dockerfile.facts.uses import flag_range, used_in, word_range
from stackferry.grammar.lint.finding import Hit
from stackferry.grammar.suggest import Suggestions

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.expand import Use
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.dockerfile.instruction import Instruction
    from stackferry.grammar.lint.settings import Settings


def check(file: "Build", settings: "Settings") -> Iterator[Hit]:
    """Variables of a base or a platform that no global ARG declares (BuildKit's reportUnusedFromArgs)."""
    known = dict.fromkeys(pair.name.text for instruction in file.arguments for pair in instruction.pairs)
    names = {*known, *PLATFORM}
    suggestions = Suggestions()
    for stage in file.stages:
        found = _uses(stage.instruction, file.dockerfile.escape)
        for use, start, end in sorted(found, key=lambda place: place[1]):
            if use.name not in names:
                hint = suggestions.did_you_mean(use.name, names) or f"write ARG {use.name} before the first FROM"
                yield Hit(start, end, f"no ARG before the first FROM declares {use.name}", hint)


def _uses(instruction: "Instruction", escape: str) -> "Iterator[tuple[Use, int, int]]":
    """Variables in FROM, each with its range in the source."""
    for word in instruction.words[:1]:
        for use in used_in(word.text, escape):
            yield use, *word_range(instruction, word, use)
    flag = instruction.flag("platform")
    if flag is not None and flag.value:
        for use in used_in(flag.value, escape):
            yield use, *flag_range(instruction, flag, flag.value, use)
