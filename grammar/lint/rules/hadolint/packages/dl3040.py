"""DL3040: Run dnf clean all after dnf install.

What a package manager downloads stays in the layer, where a later RUN cannot remove it.

    RUN dnf install -y httpd

    RUN dnf install -y httpd && dnf clean all

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


_FOLDERS = ("/var/cache/dnf", "/var/cache/libdnf5", "/var/cache/yum")


def check(file: "Build", settings: "Settings") -> "Iterator[Hit]":
    """RUNs that leave the caches behind."""
    return uncleaned(
        file,
        settings,
        ("dnf", "microdnf"),
        ("install", "upgrade", "group-install", "module"),
        _cleans,
        _FOLDERS,
        "{program} {action} leaves its cache in the image",
        "end the RUN with && {program} clean all",
    )


def _cleans(call: "PackageCall") -> bool:
    return call.action == "clean"
