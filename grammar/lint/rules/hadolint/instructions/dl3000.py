"""DL3000: Use an absolute WORKDIR.

A relative WORKDIR starts from that of the base image, so that a new base moves the files elsewhere.

    FROM python:3.12-slim
    WORKDIR app

Begin it with a slash. After an absolute one, a relative one is clear:

    FROM python:3.12-slim
    WORKDIR /app
    WORKDIR src

As for BuildKit, only the first of a stage counts, also that of the stage it starts from. hadolint reports every
relative one; with the set hadolint so do we. A variable is judged by its value if the file tells it.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.lint.finding import Hit
from stackferry.grammar.lint.rules.hadolint.instructions.paths import is_relative

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.lint.settings import Settings


def check(file: "Build", settings: "Settings") -> Iterator[Hit]:
    """Relative paths before any WORKDIR of the stage and its parents (BuildKit's dispatchWorkdir)."""
    for step in file.steps("WORKDIR"):
        words = step.instruction.words
        if not words or step.onbuild or (step.workdir != "" and not settings.hadolint):
            continue
        if is_relative(step, words[0]):
            base = "the WORKDIR of the base image" if step.workdir == "" else step.workdir or "the previous WORKDIR"
            message = f"the WORKDIR {words[0].text} is relative to {base}"
            yield Hit(words[0].start, words[0].end, message, "start it with a slash")
