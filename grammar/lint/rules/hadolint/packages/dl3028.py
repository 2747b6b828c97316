"""DL3028: Pin versions in gem install.

An install without a version gives another image next month, and a build that worked may fail.

    RUN gem install bundler

    RUN gem install bundler:2.5.11

What a variable holds is judged if the file tells it, and left alone otherwise.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.lint.rules.hadolint.packages._pins import unpinned

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.dockerfile.facts.packages import PackageCall
    from stackferry.grammar.lint.finding import Hit
    from stackferry.grammar.lint.settings import Settings


def check(file: "Build", settings: "Settings") -> "Iterator[Hit]":
    """Installs of packages that have no version."""
    return unpinned(file, settings, ("gem",), _pinned, "{package}:VERSION", _exempt)


def _pinned(package: str) -> bool:
    return ":" in package or package.endswith(".gem")


def _exempt(call: "PackageCall") -> bool:
    return call.has("-v", "--version")
