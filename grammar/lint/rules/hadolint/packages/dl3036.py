"""DL3036: Run zypper clean after zypper install.

What a package manager downloads stays in the layer, where a later RUN cannot remove it.

    RUN zypper install -y httpd

    RUN zypper install -y httpd && zypper clean

A cache mount over the folder, or removing it in the same RUN, is as good. A stage whose files do not get into the
image is left alone.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.lint.rules.hadolint.packages._missing import uncleaned
from stackferry.grammar.lint.rules.hadolint.packages._plain_caches import plainly_uncleaned

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.dockerfile.facts.packages import PackageCall
    from stackferry.grammar.dockerfile.facts.plain import PlainCall
    from stackferry.grammar.lint.finding import Hit
    from stackferry.grammar.lint.settings import Settings


_FOLDERS = ("/var/cache/zypp",)
_MESSAGE = "{program} {action} leaves its cache in the image"
_HINT = "end the RUN with && zypper clean"


def check(file: "Build", settings: "Settings") -> "Iterator[Hit]":
    """RUNs that leave the caches behind."""
    if settings.hadolint:
        return plainly_uncleaned(
            file, _leaves, _plainly_cleans, (("/var/cache/zypp",),), ("install", "in"), _MESSAGE, _HINT
        )
    return uncleaned(
        file, ("zypper",), ("install", "patch", "update", "dist-upgrade"), _cleans, _FOLDERS, _MESSAGE, _HINT
    )


def _cleans(call: "PackageCall") -> bool:
    return call.action == "clean"


def _leaves(call: "PlainCall") -> bool:
    return call.program == "zypper" and call.has("install", "in")


def _plainly_cleans(call: "PlainCall") -> bool:
    return call.program == "zypper" and call.has("clean", "cc")
