"""DL3067: Do not copy all files from another stage.

The image gets everything that the stage holds, build tools and caches as well, in one layer that shares nothing.

    FROM golang:1.22 AS build
    FROM debian:12
    COPY --from=build / /

    FROM golang:1.22 AS build
    FROM debian:12
    COPY --from=build /go/bin/app /usr/local/bin/app

Into an empty image (`FROM scratch`) it is a way to flatten one, and only an info. A stage that starts from scratch, or
is the image tonistiigi/xx, holds nothing but what is meant to be copied; only with the set hadolint it is reported.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.lint.finding import Hit

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.dockerfile.facts.step import Step
    from stackferry.grammar.lint.settings import Settings


def check(file: "Build", settings: "Settings") -> Iterator[Hit]:
    """COPY --from of `/` to `/`."""
    for step in file.steps("COPY"):
        instruction = step.instruction
        flag = instruction.flag("from")
        if flag is None or not flag.value or step.onbuild or len(instruction.words) < 2:
            continue
        *sources, target = instruction.words
        if step.expanded(target.text) != "/":
            continue
        source = next((word for word in sources if step.expanded(word.text) == "/"), None)
        if source is not None and (settings.hadolint or not _is_small(file, step, flag.value)):
            severity = "info" if step.stage.root.image == "scratch" else ""
            message = f"this copies all files from {flag.value}"
            yield Hit(source.start, source.end, message, "copy only the files that the image needs", severity)


def _is_small(file: "Build", step: "Step", name: str) -> bool:
    """Whether the origin is made to be copied as a whole."""
    origin = file.stage_for_copy(name, step.stage.index)
    image = name if origin is None else origin.root.image
    return image is not None and (image == "scratch" or image.partition(":")[0].endswith("tonistiigi/xx"))
