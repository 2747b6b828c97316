"""DL3065: Omit --platform=$TARGETPLATFORM, which is the default of FROM.

The platform of the build is the default of every FROM.

    FROM --platform=$TARGETPLATFORM alpine:3.20

    FROM alpine:3.20

As for BuildKit, quotes and a default value (`${TARGETPLATFORM:-linux/amd64}`) change nothing. hadolint only sees the
bare variable; with the set hadolint so do we.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.lint.finding import Hit

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.lint.settings import Settings

_BARE = ("--platform=$TARGETPLATFORM", "--platform=${TARGETPLATFORM}")
_PLATFORM = "linux/amd64"
"""Stands for the platform of the build, whatever it is."""


def check(file: "Build", settings: "Settings") -> Iterator[Hit]:
    """Flags whose value is just that of $TARGETPLATFORM (BuildKit's reportRedundantTargetPlatform)."""
    for stage in file.stages:
        flag = stage.instruction.flag("platform")
        if flag is None or not flag.value or "TARGETPLATFORM" not in flag.value:
            continue
        if flag.word.text in _BARE or (not settings.hadolint and _is_target(flag.value, file.dockerfile.escape)):
            message = f"{flag.word.text} is the default of FROM"
            yield Hit(flag.word.start, flag.word.end, message, "remove it")


def _is_target(value: str, escape: str) -> bool:
    from stackferry.grammar.dockerfile.expand import ExpansionError, expand

    try:
        found = expand(value, {"TARGETPLATFORM": _PLATFORM}, escape)
    except ExpansionError:
        return False
    return found.value == _PLATFORM and {use.name for use in found.used} == {"TARGETPLATFORM"}
