"""DL3019: Say --no-cache in apk add.

The index that apk fetches stays in the image. A cache mount over /var/cache/apk keeps it out as well, and with
--no-network nothing is fetched (with the set hadolint that does not count).

    RUN apk add --update curl

    RUN apk add --no-cache curl
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.dockerfile.facts.cleaning import mounted
from stackferry.grammar.lint.rules.hadolint.packages._missing import without

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.dockerfile.facts.packages import PackageCall
    from stackferry.grammar.lint.finding import Hit
    from stackferry.grammar.lint.settings import Settings


def check(file: "Build", settings: "Settings") -> "Iterator[Hit]":
    """Calls that lack the option."""
    return without(
        file,
        settings,
        ("apk",),
        ("add",),
        _has_for_hadolint if settings.hadolint else _has,
        "{program} {action} leaves its index in the image",
        "write {program} {action} --no-cache",
    )


def _has_for_hadolint(call: "PackageCall") -> bool:
    step = call.invocation.script.step
    return call.has("--no-cache") or mounted(step, "/var/cache/apk") or mounted(step, "/etc/apk/cache")


def _has(call: "PackageCall") -> bool:
    return call.has("--no-network") or _has_for_hadolint(call)
