"""shell-run-in-scratch: Do not run a shell in a stage without one.

The image scratch is empty: RUN in shell form finds no /bin/sh in it.

    FROM scratch
    RUN mkdir /data

    FROM busybox:1.37 AS root
    RUN mkdir /data
    FROM scratch
    COPY --from=root /data /data

After a COPY or ADD, and with a bind mount, there may be one.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.lint.finding import Hit

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.lint.settings import Settings


def check(file: "Build", settings: "Settings") -> Iterator[Hit]:
    """RUN in shell form before anything is put into an empty image."""
    filled: set[int] = set()
    for stage in file.stages:
        if stage.root.image != "scratch" or (stage.parent is not None and stage.parent.index in filled):
            filled.add(stage.index)
            continue
        for step in stage.steps:
            if step.keyword in ("ADD", "COPY"):
                filled.add(stage.index)
                break
            if step.keyword == "RUN" and step.instruction.json is None and not step.mounts and not step.onbuild:
                word = step.instruction.word
                yield Hit(
                    word.start,
                    word.end,
                    "scratch has no shell to run this",
                    "start from an image that has a shell, or copy the files from another stage",
                )
