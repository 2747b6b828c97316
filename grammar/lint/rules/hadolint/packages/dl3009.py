"""DL3009: Remove the lists of apt-get after an update.

The lists that an update fetches stay in the layer, where a later RUN cannot remove them.

    RUN apt-get update && apt-get install -y curl

    RUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*

A cache mount over the folder, or removing it in the same RUN, is as good; so is `apt-get dist-clean`, which hadolint
does not know. With the set hadolint it does not count, and any `rm -rf` does, as there.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.lint.rules.hadolint.packages._missing import uncleaned

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.dockerfile.facts.packages import PackageCall
    from stackferry.grammar.lint.finding import Hit
    from stackferry.grammar.lint.settings import Settings


_FOLDERS = ("/var/lib/apt/lists",)


def check(file: "Build", settings: "Settings") -> "Iterator[Hit]":
    """RUNs that leave the caches behind."""
    return uncleaned(
        file,
        settings,
        ("apt",),
        ("update",),
        _nothing if settings.hadolint else _cleans,
        _FOLDERS,
        "{program} {action} leaves its lists in the image",
        "end the RUN with && rm -rf /var/lib/apt/lists/*",
        kept_only=True,
        programs=("apt-get",),
    )


def _cleans(call: "PackageCall") -> bool:
    # `apt-get clean` leaves the lists.
    return call.action == "dist-clean"


def _nothing(call: "PackageCall") -> bool:
    return False
