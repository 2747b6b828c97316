"""DL3015: Use --no-install-recommends in apt-get install.

Packages that are only recommended make the image larger, and some are missed when they are gone.

    RUN apt-get install -y curl

    RUN apt-get install -y --no-install-recommends curl
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
        "{program} {action} also installs recommended packages",
        "write {program} {action} --no-install-recommends",
    )


def _has(call: "PackageCall") -> bool:
    if call.program != "apt-get" or call.has("--no-install-recommends"):
        return True
    return any("Install-Recommends=" in (value or option) for option, value in call.options.items())


def _plain(call: "PlainCall") -> bool:
    """Whether hadolint takes a call for one that lacks it."""
    if call.program != "apt-get" or not call.has("install"):
        return False
    return not call.has_flag("no-install-recommends") and not call.has("APT::Install-Recommends=false")
