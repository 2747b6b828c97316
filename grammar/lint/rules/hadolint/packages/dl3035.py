"""DL3035: Do not use zypper dist-upgrade.

It upgrades the distribution of the base image to whatever is newest on the day of the build. Use a newer base image.

    RUN zypper -n dist-upgrade

    FROM opensuse/leap:15.6
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


_ACTIONS = ("dist-upgrade", "dup")
_MESSAGE = "{program} {action} upgrades the distribution of the base image"
_HINT = "use a newer base image"


def check(file: "Build", settings: "Settings") -> "Iterator[Hit]":
    """Calls that upgrade the distribution."""
    return without(file, settings, ("zypper",), ("dist-upgrade",), _has, _plain, _MESSAGE, _HINT)


def _has(call: "PackageCall") -> bool:
    # There is nothing that makes it right.
    return False


def _plain(call: "PlainCall") -> bool:
    """Whether hadolint takes a call for one."""
    return call.program == "zypper" and call.has(*_ACTIONS)
