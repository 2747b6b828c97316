"""DL3021: When copying several sources, end the destination with a slash.

Without the slash the target is a file, and several sources cannot become one.

    FROM node:22-slim
    COPY package.json package-lock.json /app

    FROM node:22-slim
    COPY package.json package-lock.json /app/

The folder `.` needs none, as for BuildKit; hadolint wants it there too, and with the set hadolint so do we.
A variable is judged by its value if the file tells it, and is not reported otherwise, as hadolint does.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.lint.finding import Hit
from stackferry.grammar.regex import regex

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.dockerfile.facts.step import Step
    from stackferry.grammar.lint.settings import Settings

_LITERAL_END = regex(r"/([^/$\"'{}\\]+)[\"']?\Z")


def check(file: "Build", settings: "Settings") -> Iterator[Hit]:
    """Targets of COPY with more than one source that are not folders."""
    for step in file.steps("COPY"):
        words = step.instruction.words
        if len(words) < 3 or step.onbuild:
            continue
        target = _target(step, words[-1].text)
        if target is None or target.endswith(("/", "\\") if step.stage.windows else "/"):
            continue
        if target not in (".", "") or settings.hadolint:
            message = f"{len(words) - 1} sources are copied to {words[-1].text}, which does not end with a slash"
            yield Hit(words[-1].start, words[-1].end, message, "end it with a slash")


def _target(step: "Step", text: str) -> str | None:
    """The target as far as it is known: what it ends with is enough; None if not even that is known."""
    value = step.expanded(text)
    if value is None:
        end = _LITERAL_END.search(text)
        return end[1] if end else None
    return value
