"""DL3045: Set WORKDIR before copying to a relative path.

Without WORKDIR the files land in that of the base image, and move when the base does.

    FROM python:3.12-slim
    COPY app.py app.py

    FROM python:3.12-slim
    WORKDIR /app
    COPY app.py app.py

A WORKDIR of the stage that this one starts from counts. A target in a variable is judged by its value if the file
tells it; hadolint does not look at it.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.lint.finding import Hit
from stackferry.grammar.lint.rules.hadolint.instructions.paths import is_relative

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.lint.settings import Settings


def check(file: "Build", settings: "Settings") -> Iterator[Hit]:
    """Relative targets in a stage where no WORKDIR came before."""
    for step in file.steps("COPY"):
        words = step.instruction.words
        if len(words) < 2 or step.onbuild or step.workdir != "":
            continue
        if is_relative(step, words[-1]):
            message = f"{words[-1].text} is relative to the WORKDIR of the base image"
            yield Hit(words[-1].start, words[-1].end, message, "set WORKDIR first, or start the path with a slash")
