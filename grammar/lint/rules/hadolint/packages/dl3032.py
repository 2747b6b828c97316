"""DL3032: Run yum clean all after yum install.

What a package manager downloads stays in the layer, where a later RUN cannot remove it.

    RUN yum install -y httpd

    RUN yum install -y httpd && yum clean all

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


_FOLDERS = ("/var/cache/yum",)


def check(file: "Build", settings: "Settings") -> "Iterator[Hit]":
    """RUNs that leave the caches behind."""
    return uncleaned(
        file,
        settings,
        ("yum",),
        ("install", "group-install", "module"),
        _cleans,
        _FOLDERS,
        "{program} {action} leaves its cache in the image",
        "end the RUN with && yum clean all",
    )


def _cleans(call: "PackageCall") -> bool:
    return call.action == "clean"
