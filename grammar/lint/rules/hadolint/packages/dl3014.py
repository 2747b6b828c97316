"""DL3014: Say -y in apt-get install.

Nobody answers a question during a build: the program waits, or gives up.

    RUN apt-get install curl

    RUN apt-get install -y curl
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.lint.rules.hadolint.packages._missing import without

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.dockerfile.facts.packages import PackageCall
    from stackferry.grammar.lint.finding import Hit
    from stackferry.grammar.lint.settings import Settings


def check(file: "Build", settings: "Settings") -> "Iterator[Hit]":
    """Calls that lack the option."""
    return without(
        file,
        settings,
        ("apt",),
        ("install",),
        _has,
        "{program} {action} asks before it goes on",
        "write {program} {action} -y",
    )


def _has(call: "PackageCall") -> bool:
    if call.program != "apt-get":
        return True
    quiet = sum(option in ("-q", "--quiet") for option in call.options)
    return call.has("-y", "--yes", "-qq", "--assume-yes", "-q=2", "--quiet=2") or quiet > 1
