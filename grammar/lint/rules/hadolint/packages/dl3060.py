"""DL3060: Run yarn cache clean after yarn install.

What a package manager downloads stays in the layer, where a later RUN cannot remove it.

    RUN yarn install

    RUN yarn install && yarn cache clean

A cache mount over the folder, or removing it in the same RUN, is as good. A stage whose files do not get into the
image is left alone.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.lint.rules.hadolint.packages._missing import uncleaned
from stackferry.grammar.lint.rules.hadolint.packages._plain_caches import plainly_uncleaned

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.dockerfile.facts.packages import PackageCall
    from stackferry.grammar.dockerfile.facts.plain import PlainCall
    from stackferry.grammar.lint.finding import Hit
    from stackferry.grammar.lint.settings import Settings


_FOLDERS = ("/root/.cache/yarn", "/usr/local/share/.cache/yarn")
_MESSAGE = "{program} install leaves its cache in the image"
_HINT = "end the RUN with && yarn cache clean"


def check(file: "Build", settings: "Settings") -> "Iterator[Hit]":
    """RUNs that leave the caches behind."""
    if settings.hadolint:
        return plainly_uncleaned(
            file, _leaves, _plainly_cleans, ((".cache/yarn",),), ("install",), _MESSAGE, _HINT, since=0, kept_only=True
        )
    return uncleaned(file, ("yarn",), ("install",), _cleans, _FOLDERS, _MESSAGE, _HINT)


def _cleans(call: "PackageCall") -> bool:
    return call.action == "cache" and any(operand.value == "clean" for operand in call.operands)


def _leaves(call: "PlainCall") -> bool:
    return call.program == "yarn" and call.has("install")


def _plainly_cleans(call: "PlainCall") -> bool:
    return call.program == "yarn" and call.has("cache", "clean")
