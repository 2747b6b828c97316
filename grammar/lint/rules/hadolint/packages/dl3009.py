"""DL3009: Remove the package lists after apt-get update.

The lists that an update fetches stay in the layer, where a later RUN cannot remove them.

    RUN apt-get update && apt-get install -y curl

    RUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*

A cache mount over the folder or one above it (hadolint #497), or removing it in the same RUN, is as good; so is
`apt-get dist-clean`. A stage whose files do not get into the image is left alone. With the set hadolint, any `rm -rf`
counts, and only a mount over the folder itself.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.lint.rules.hadolint.packages._missing import uncleaned
from stackferry.grammar.lint.rules.hadolint.packages._plain_caches import plainly_uncleaned, removes

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.dockerfile.facts.packages import PackageCall
    from stackferry.grammar.dockerfile.facts.programs.plain import PlainCall
    from stackferry.grammar.lint.finding import Hit
    from stackferry.grammar.lint.settings import Settings


_FOLDERS = ("/var/lib/apt/lists",)
_MESSAGE = "{program} {action} leaves its package lists in the image"
_HINT = "end the RUN with && rm -rf /var/lib/apt/lists/*"


def check(file: "Build", settings: "Settings") -> "Iterator[Hit]":
    """RUNs that leave the caches behind."""
    if settings.hadolint:
        return plainly_uncleaned(
            file,
            _leaves,
            _plainly_cleans,
            (("/var/lib/apt/lists",), ("/var/lib/apt", "/var/cache/apt")),
            ("update",),
            _MESSAGE,
            _HINT,
            since=None,
            kept_only=True,
        )
    return uncleaned(file, ("apt",), ("update",), _cleans, _FOLDERS, _MESSAGE, _HINT)


def _cleans(call: "PackageCall") -> bool:
    # `apt-get clean` leaves the lists.
    return call.action == "dist-clean"


def _leaves(call: "PlainCall") -> bool:
    return call.program in ("apt-get", "apt", "aptitude") and call.has("update")


def _plainly_cleans(call: "PlainCall") -> bool:
    return removes(call, "/var/lib/apt/lists")
