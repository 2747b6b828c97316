"""DL3019: Use --no-cache in apk add.

The index that apk fetches stays in the image. A cache mount over /var/cache/apk or removing what is in it keeps it out
as well, and with --no-network nothing is fetched; with the set hadolint only the mount counts.

    RUN apk add --update curl

    RUN apk add --no-cache curl
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.dockerfile.facts.cleaning import mounted, removed
from stackferry.grammar.lint.rules.hadolint.packages._missing import without
from stackferry.grammar.lint.rules.hadolint.packages._plain_caches import plainly_mounted

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.dockerfile.facts.packages import PackageCall
    from stackferry.grammar.dockerfile.facts.programs.plain import PlainCall
    from stackferry.grammar.lint.finding import Hit
    from stackferry.grammar.lint.settings import Settings

_FOLDERS = ("/var/cache/apk", "/etc/apk/cache")


def check(file: "Build", settings: "Settings") -> "Iterator[Hit]":
    """Calls that lack the option."""
    return without(
        file,
        settings,
        ("apk",),
        ("add",),
        _has,
        _plain,
        "{program} {action} leaves its index in the image",
        "write {program} {action} --no-cache",
        kept_only=True,
    )


def _has(call: "PackageCall") -> bool:
    step = call.invocation.script.step
    return (
        call.has("--no-cache", "--no-network")
        or any(mounted(step, folder) for folder in _FOLDERS)
        or removed(step, *_FOLDERS)
    )


def _plain(call: "PlainCall") -> bool:
    """Whether hadolint takes a call for one that lacks it."""
    if call.program != "apk" or not call.has("add"):
        return False
    return not call.has_flag("no-cache") and not plainly_mounted(call.invocation.script.step, "/var/cache/apk")
