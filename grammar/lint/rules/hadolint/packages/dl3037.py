"""DL3037: Pin versions in zypper install.

An install without a version gives another image next month, and a build that worked may fail.

    RUN zypper install -y httpd

    RUN zypper install -y httpd=2.4.58

What a variable holds is judged if the file tells it, and left alone otherwise.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.lint.rules.hadolint.packages._pins import unpinned

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.lint.finding import Hit
    from stackferry.grammar.lint.settings import Settings


def check(file: "Build", settings: "Settings") -> "Iterator[Hit]":
    """Installs of packages that have no version."""
    return unpinned(file, settings, ("zypper",), _pinned, "{package}=VERSION")


def _pinned(package: str) -> bool:
    return any(mark in package for mark in "=<>") or package.endswith(".rpm") or package.startswith(("/", "./"))
