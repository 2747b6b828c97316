"""DL3035: Do not use zypper dist-upgrade.

It replaces the release of the base image by whatever is newest on the day of the build. Choose a newer base instead.

    RUN zypper -n dist-upgrade

    FROM opensuse/leap:15.6
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.dockerfile.facts.packages import package_calls
from stackferry.grammar.lint.finding import Hit

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.lint.finding import Hit
    from stackferry.grammar.lint.settings import Settings


def check(file: "Build", settings: "Settings") -> Iterator["Hit"]:
    """Calls that upgrade the distribution."""
    for step in file.steps("RUN"):
        for call in package_calls(step, "zypper"):
            if call.action == "dist-upgrade":
                word = call.action_argument
                message = f"zypper {word.value} replaces the release of the base image"
                yield Hit(word.start, word.end, message, "choose a newer base image")
