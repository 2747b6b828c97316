"""DL3062: Pin versions in go install.

An install without a version gives another image next month, and a build that worked may fail.

    RUN go install golang.org/x/tools/gopls

    RUN go install golang.org/x/tools/gopls@v0.16.1

A path in the module that is built has the version of that module. What a variable holds is judged if the file tells
it, and left alone otherwise.
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
    return unpinned(file, settings, ("go",), _pinned, "{package}@VERSION", actions=("install", "get"))


def _pinned(package: str) -> bool:
    return ("@" in package and not package.endswith("@latest")) or package.startswith((".", "/"))
