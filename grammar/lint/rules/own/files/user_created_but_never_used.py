"""user-created-but-never-used: Use the user that was created.

A user that no USER names and nothing else in the file speaks of does not run the container: root does.

    FROM debian:12
    RUN useradd --system app
    CMD ["/app"]

    FROM debian:12
    RUN useradd --system app
    USER app
    CMD ["/app"]

Only the last stage is judged. A name that stands anywhere else in the file, in a chown or behind gosu, is in use; so is
one whose program starts as root to become another user: then an ENTRYPOINT is there.
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.lint.finding import Hit
from stackferry.grammar.regex import regex

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.lint.settings import Settings

_MAKERS = ("useradd", "adduser")


def check(file: "Build", settings: "Settings") -> Iterator[Hit]:
    """Users of the last stage that only their making names."""
    stage = file.stages[-1] if file.stages else None
    if stage is None or stage.user != "" or any(step.keyword == "ENTRYPOINT" for step in stage.steps):
        return
    for step in stage.steps:
        if step.keyword != "RUN" or step.onbuild:
            continue
        for call in step.calls():
            arguments = call.invocation.arguments
            if call.program in _MAKERS and arguments and len(call.values) == len(arguments):
                name = arguments[-1]
                if name.value and _NAME.fullmatch(name.value) and _times(file, name.value) == 1:
                    yield Hit(name.start, name.end, f"nothing runs as {name.value}", f"write USER {name.value}")


_NAME = regex(r"[a-z_][a-z0-9_-]*")


def _times(file: "Build", name: str) -> int:
    return len(re.findall(rf"(?<![\w-]){re.escape(name)}(?![\w-])", file.source.text))
