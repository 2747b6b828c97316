"""DL3022: Copy from an existing stage, or from an image with a tag.

A name that is not an earlier stage is taken for an image, and fetched from Docker Hub.

    FROM golang:1.22 AS build
    FROM alpine:3.20
    COPY --from=builder /app /app

    FROM golang:1.22 AS build
    FROM alpine:3.20
    COPY --from=build /app /app
    COPY --from=busybox:1.36 /bin/wget /bin/wget

`--from` takes no variables: BuildKit refuses `--from=$STAGE`, so it stays reported (hadolint #933); start a stage from
it instead. Names in another case and in quotes are found, as by BuildKit, which hadolint does not do.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.lint.finding import Hit
from stackferry.grammar.suggest import Suggestions

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.dockerfile.facts.step import Step
    from stackferry.grammar.lint.settings import Settings


def check(file: "Build", settings: "Settings") -> Iterator[Hit]:
    """Values of --from that are not an earlier stage, and have no tag or digest that makes them an image."""
    suggestions = Suggestions()
    for step in file.steps("COPY"):
        flag = step.instruction.flag("from")
        if flag is None or not flag.value or step.onbuild or ":" in flag.value:
            continue
        if file.stage_for_copy(flag.value, step.stage.index) is None and not step.stage.is_called(flag.value):
            message, hint = _said(file, step, flag.value, suggestions)
            yield Hit(flag.word.start, flag.word.end, message, hint)


def _said(file: "Build", step: "Step", name: str, suggestions: "Suggestions") -> tuple[str, str]:
    if "$" in name:
        return f"--from cannot contain variables: {name}", f"write FROM {name} AS name, then COPY --from=name"
    if file.stage_for_copy(name, len(file.stages)) is not None:
        return f"the stage {name} comes after this one", "move the stage up"
    if name.isdecimal():
        return f"stage {name} does not exist", "write the number or the name of an earlier stage"
    names = []
    if suggestions.comparisons > 0:
        names = [stage.name for stage in file.stages[: max(0, step.stage.index)] if stage.name]
    hint = suggestions.did_you_mean(name, names) or f"for an image, write {name}:VERSION"
    return f"no earlier stage is named {name}", hint
