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
    from stackferry.grammar.lint.finding import Hit
    from stackferry.grammar.lint.settings import Settings


_INSTEAD = {"list": "apt-cache", "search": "apt-cache", "show": "apt-cache", "full-upgrade": "apt-get dist-upgrade"}


def check(file: "Build", settings: "Settings") -> Iterator["Hit"]:
    """Calls of apt."""
    for step in file.steps("RUN"):
        for script in step.scripts:
            for invocation in script.commands:
                command = invocation.unwrapped
                if command.program == "apt" and command.arguments:
                    instead = next((_INSTEAD[value] for value in command.values if value in _INSTEAD), "apt-get")
                    name = command.first
                    yield Hit(name.start, name.end, "apt is for people, not for scripts", f"write {instead}")
