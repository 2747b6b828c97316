"""DL3000: Use an absolute WORKDIR.

A relative WORKDIR starts from that of the base image, so that a new base moves the files elsewhere.

    FROM python:3.12-slim
    WORKDIR app

Begin with a slash. After one that is absolute, a relative one is clear:

    FROM python:3.12-slim
    WORKDIR /app
    WORKDIR src

hadolint reports every relative WORKDIR, also in a stage whose first one is absolute; with the set hadolint we do so,
too. A variable is judged by its value if the file tells it, and is never reported otherwise.
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.lint.finding import Hit

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.lint.settings import Settings

_DRIVE = re.compile(r"[A-Za-z]:")
_LITERAL_START = re.compile(r"[\"']?([^$\"'\\`]+)")


def check(file: "Build", settings: "Settings") -> Iterator[Hit]:
    """Relative paths before any WORKDIR of the stage and its parents (BuildKit's dispatchWorkdir)."""
    for step in file.steps("WORKDIR"):
        words = step.instruction.words
        if not words or step.onbuild or (step.workdir != "" and not settings.hadolint):
            continue
        path = step.expanded(words[0].text)
        if path is None:
            # What a path begins with is enough to see that it is relative.
            start = _LITERAL_START.match(words[0].text)
            if start is None:
                continue
            path = start[1]
        if _is_absolute(path, windows=step.stage.windows):
            continue
        base = "that of the base image" if step.workdir == "" else f"{step.workdir or 'the one before'}"
        message = f"the WORKDIR {words[0].text} is relative to {base}"
        yield Hit(words[0].start, words[0].end, message, "begin it with a slash")


def _is_absolute(path: str, *, windows: bool) -> bool:
    return path.startswith(("/", "\\") if windows else "/") or _DRIVE.match(path) is not None
