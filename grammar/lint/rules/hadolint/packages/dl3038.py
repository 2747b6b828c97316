"""DL3038: Use -y in dnf install.

Nobody answers a question during a build: the program waits, or gives up.

    RUN dnf install httpd

    RUN dnf install -y httpd
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
        ("dnf", "microdnf"),
        ("install", "group-install"),
        _has,
        _plain,
        "{program} {action} asks for confirmation",
        "write {program} {action} -y",
        asks=True,
    )


def _has(call: "PackageCall") -> bool:
    return call.has("-y", "--assumeyes", "--assume-yes") or "assumeyes" in str(call.options.get("--setopt"))


def _plain(call: "PlainCall") -> bool:
    """Whether hadolint takes a call for one that lacks it."""
    if call.program not in ("dnf", "microdnf") or not call.has("install", "groupinstall", "localinstall"):
        return False
    return not call.has_flag("y", "assumeyes")
