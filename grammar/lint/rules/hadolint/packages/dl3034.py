"""DL3034: Use -y or --non-interactive in zypper.

Nobody answers a question during a build: the program waits, or gives up.

    RUN zypper install httpd

    RUN zypper install -y httpd
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
        ("zypper",),
        ("install", "remove", "patch"),
        _has,
        _plain,
        "{program} {action} asks for confirmation",
        "write {program} --non-interactive {action}",
        asks=True,
    )


def _has(call: "PackageCall") -> bool:
    return call.has("-n", "--non-interactive", "-y", "--no-confirm")


def _plain(call: "PlainCall") -> bool:
    """Whether hadolint takes a call for one that lacks it."""
    if call.program != "zypper" or not call.has("install", "in", "remove", "rm", "source-install", "si", "patch"):
        return False
    return not call.has_flag("n", "non-interactive", "y", "no-confirm")
