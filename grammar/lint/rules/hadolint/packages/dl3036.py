"""DL3036: Run zypper clean after zypper install.

What a package manager downloads stays in the layer, where a later RUN cannot remove it.

    RUN zypper install -y httpd

    RUN zypper install -y httpd && zypper clean

A cache mount over the folder, or removing it in the same RUN, is as good.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.lint.rules.hadolint.packages._missing import uncleaned

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.dockerfile.facts.packages import PackageCall
    from stackferry.grammar.lint.finding import Hit
    from stackferry.grammar.lint.settings import Settings


_FOLDERS = ("/var/cache/zypp",)


def check(file: "Build", settings: "Settings") -> "Iterator[Hit]":
    """RUNs that leave the caches behind."""
    return uncleaned(
        file,
        settings,
        ("zypper",),
        ("install", "patch", "update", "dist-upgrade"),
        _cleans,
        _FOLDERS,
        "{program} {action} leaves its cache in the image",
        "end the RUN with && zypper clean",
    )


def _cleans(call: "PackageCall") -> bool:
    return call.action == "clean"
