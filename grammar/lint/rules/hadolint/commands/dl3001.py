"""DL3001: Do not run commands that make no sense in a build.

A build has no services, terminals or other users: `ssh`, `vim`, `service` or `ps` in a RUN do nothing for the image.

    RUN service nginx start

    CMD ["nginx", "-g", "daemon off;"]
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.lint.finding import Hit

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.lint.settings import Settings

_PROGRAMS = frozenset(("free", "kill", "mount", "ps", "service", "shutdown", "ssh", "top", "vim"))


def check(file: "Build", settings: "Settings") -> Iterator[Hit]:
    """Calls of such programs."""
    for step in file.steps("RUN"):
        for call in step.calls(plain=settings.hadolint):
            if call.program in _PROGRAMS:
                yield Hit(call.place.start, call.place.end, f"{call.program} makes no sense in a build", "remove it")
