"""empty-base-image: Start a stage from a valid image.

A variable that nothing sets is empty in FROM, and names are in lower case: a build refuses all else.

    FROM ${BASE}

    ARG BASE=debian:12
    FROM ${BASE}

An ARG without a default is not judged: a value may be given to the build, as InvalidDefaultArgInFrom says. Names in
`COPY --from=` and `RUN --mount=from=` that are no stages have to be images, too.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.dockerfile.facts.filled import filled_in_from
from stackferry.grammar.dockerfile.facts.references import mistake
from stackferry.grammar.dockerfile.facts.sources import is_number, sources
from stackferry.grammar.lint.finding import Hit

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.dockerfile.facts.step import Step
    from stackferry.grammar.lint.settings import Settings


def check(file: "Build", settings: "Settings") -> Iterator[Hit]:
    """Names that are not image references (BuildKit's buildDispatchStates and resolveBaseImage)."""
    for stage in file.stages:
        base = stage.base
        name = filled_in_from(file, base.text) if stage.instruction.words else None
        wrong = "" if name is None or stage.parent is not None else mistake(name)
        if wrong:
            shown = base.text if base.text == name else f"{base.text}, which is {name or 'empty'},"
            yield Hit(base.start, base.end, f"{shown} is not a valid image: {wrong}", _hint(file, base.text))
        for step in stage.steps:
            if step.keyword in ("COPY", "RUN") and not step.onbuild:
                yield from _sources(file, step)


def _sources(file: "Build", step: "Step") -> Iterator[Hit]:
    for name, word in sources(step):
        wrong = "" if is_number(name) and step.keyword == "COPY" else mistake(name)
        if wrong and "$" not in name and file.stage_named(name) is None:
            yield Hit(word.start, word.end, f"{name} is neither a stage nor a valid image: {wrong}", "name a stage")


def _hint(file: "Build", text: str) -> str:
    if "$" not in text:
        return "write name:tag"
    return "give the argument a default: write ARG NAME=image before the first FROM"
