"""DL3060: Run yarn cache clean after yarn install.

What a package manager downloads stays in the layer, where a later RUN cannot remove it.

    RUN yarn install

    RUN yarn install && yarn cache clean

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


_FOLDERS = ("/root/.cache/yarn", "/usr/local/share/.cache/yarn")


def check(file: "Build", settings: "Settings") -> "Iterator[Hit]":
    """RUNs that leave the caches behind."""
    return uncleaned(
        file,
        settings,
        ("yarn",),
        ("install",),
        _cleans,
        _FOLDERS,
        "{program} install leaves its cache in the image",
        "end the RUN with && yarn cache clean",
        kept_only=True,
    )


def _cleans(call: "PackageCall") -> bool:
    return call.action == "cache" and any(operand.value == "clean" for operand in call.operands)
