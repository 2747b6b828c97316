"""DL3014: Use -y in apt-get install.

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
    from stackferry.grammar.dockerfile.facts.programs.plain import PlainCall
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
        _plain,
        "{program} {action} asks for confirmation",
        "write {program} {action} -y",
        asks=True,
    )


def _has(call: "PackageCall") -> bool:
    if call.program != "apt-get":
        return True
    quiet = sum(option in ("-q", "--quiet") for option in call.options)
    return (
        call.has("-y", "--yes", "-qq", "--assume-yes", "-q=2", "--quiet=2", "--force-yes")
        or quiet > 1
        or _configured(call)
    )


def _configured(call: "PackageCall") -> bool:
    return any("Assume-Yes=" in (value or option) for option, value in call.options.items())


def _plain(call: "PlainCall") -> bool:
    """Whether hadolint takes a call for one that lacks it."""
    if call.program != "apt-get" or not call.has("install"):
        return False
    quiet = call.count_flag("q") == 2 or call.count_flag("quiet") == 2 or call.has("-q=2")
    return not quiet and not call.has_flag("y", "yes", "assume-yes")
