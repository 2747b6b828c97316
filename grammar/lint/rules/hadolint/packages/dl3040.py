"""DL3040: Run dnf clean all after dnf install.

What a package manager downloads stays in the layer, where a later RUN cannot remove it.

    RUN dnf install -y httpd

    RUN dnf install -y httpd && dnf clean all

A cache mount over the folder, or removing it in the same RUN, is as good. A stage whose files do not get into the
image is left alone.
"""

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from stackferry.grammar.lint.rules.hadolint.packages._missing import uncleaned
from stackferry.grammar.lint.rules.hadolint.packages._plain_caches import plainly_uncleaned, removes

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.dockerfile.facts.packages import PackageCall
    from stackferry.grammar.dockerfile.facts.plain import PlainCall
    from stackferry.grammar.lint.finding import Hit
    from stackferry.grammar.lint.settings import Settings


_FOLDERS = ("/var/cache/dnf", "/var/cache/libdnf5", "/var/cache/yum")
_MESSAGE = "{program} {action} leaves its cache in the image"
_HINT = "end the RUN with && {program} clean all"


def check(file: "Build", settings: "Settings") -> "Iterator[Hit]":
    """RUNs that leave the caches behind."""
    if settings.hadolint:
        return _as_hadolint(file)
    actions = ("install", "upgrade", "group-install", "module")
    families, programs = ("yum", "dnf", "microdnf"), ("dnf", "dnf5", "microdnf")
    return uncleaned(file, families, actions, _cleans, _FOLDERS, _MESSAGE, _HINT, programs=programs)


def _cleans(call: "PackageCall") -> bool:
    return call.action == "clean"


def _as_hadolint(file: "Build") -> "Iterator[Hit]":
    """Each of both programs has to clean up for itself."""
    found = [
        hit
        for program in ("dnf", "microdnf")
        for hit in plainly_uncleaned(
            file,
            partial(_leaves, program),
            partial(_plainly_cleans, program),
            (("/var/cache/libdnf5",),),
            _ACTIONS,
            _MESSAGE,
            _HINT,
        )
    ]
    return iter(sorted(found))


_ACTIONS = ("install", "in", "reinstall", "upgrade", "upgrade-minimal")


def _leaves(program: str, call: "PlainCall") -> bool:
    return call.program == program and call.has(*_ACTIONS)


def _plainly_cleans(program: str, call: "PlainCall") -> bool:
    return (call.program == program and call.has("clean", "all")) or removes(call)
