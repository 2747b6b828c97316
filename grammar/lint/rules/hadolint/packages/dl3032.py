"""DL3032: Run yum clean all after yum install.

What a package manager downloads stays in the layer, where a later RUN cannot remove it.

    RUN yum install -y httpd

    RUN yum install -y httpd && yum clean all

A cache mount over the folder, or removing it in the same RUN, is as good. A stage whose files do not get into the
image is left alone.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.lint.rules.hadolint.packages._missing import uncleaned
from stackferry.grammar.lint.rules.hadolint.packages._plain_caches import plainly_uncleaned, removes

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.dockerfile.facts.packages import PackageCall
    from stackferry.grammar.dockerfile.facts.plain import PlainCall
    from stackferry.grammar.lint.finding import Hit
    from stackferry.grammar.lint.settings import Settings


_FOLDERS = ("/var/cache/yum", "/var/cache/dnf")
_MESSAGE = "{program} {action} leaves its cache in the image"
_HINT = "end the RUN with && yum clean all"


def check(file: "Build", settings: "Settings") -> "Iterator[Hit]":
    """RUNs that leave the caches behind."""
    if settings.hadolint:
        return plainly_uncleaned(file, _leaves, _plainly_cleans, (), ("install",), _MESSAGE, _HINT)
    # On newer systems yum is dnf, and either cleans up for both.
    families, actions = ("yum", "dnf", "microdnf"), ("install", "group-install", "module")
    return uncleaned(file, families, actions, _cleans, _FOLDERS, _MESSAGE, _HINT, programs=("yum",))


def _cleans(call: "PackageCall") -> bool:
    return call.action == "clean"


def _leaves(call: "PlainCall") -> bool:
    return call.program == "yum" and call.has("install")


def _plainly_cleans(call: "PlainCall") -> bool:
    return (call.program == "yum" and call.has("clean", "all")) or removes(call, "/var/cache/yum")
