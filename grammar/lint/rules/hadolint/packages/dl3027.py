"""DL3027: Use apt-get in scripts, not apt.

What `apt` prints and takes is for people and may change; `apt-get` and `apt-cache` are for scripts.

    RUN apt update

    RUN apt-get update
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.lint.finding import Hit

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.lint.settings import Settings


_INSTEAD = {"list": "apt-cache", "search": "apt-cache", "show": "apt-cache", "full-upgrade": "apt-get dist-upgrade"}


def check(file: "Build", settings: "Settings") -> Iterator[Hit]:
    """Calls of apt."""
    for step in file.steps("RUN"):
        for call in step.calls(plain=settings.hadolint):
            if call.program == "apt" and (settings.hadolint or call.invocation.arguments):
                instead = next((_INSTEAD[value] for value in call.values if value in _INSTEAD), "apt-get")
                yield Hit(
                    call.place.start,
                    call.place.end,
                    "apt is meant for interactive use, not for scripts",
                    f"write {instead}",
                )
