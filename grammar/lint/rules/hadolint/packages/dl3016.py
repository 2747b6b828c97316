"""DL3016: Pin versions in npm install.

An install without a version gives another image next month, and a build that worked may fail.

    RUN npm install -g yarn

    RUN npm install -g yarn@1.22.22

`npm install` without names reads package.json and is fine. What a variable holds is judged if the file tells it, and
left alone otherwise.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.lint.rules.hadolint.packages._pins import unpinned

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.lint.finding import Hit
    from stackferry.grammar.lint.settings import Settings


_PATHS = ("/", "./", "../", "~/", "file:")
_FILES = (".tgz", ".tar.gz", ".tar")


def check(file: "Build", settings: "Settings") -> "Iterator[Hit]":
    """Installs of packages that have no version."""
    return unpinned(file, settings, ("npm",), _pinned, "{package}@VERSION")


def _pinned(package: str) -> bool:
    if package.startswith(_PATHS) or package.endswith(_FILES):
        return True
    return "#" in package if "://" in package or ":" in package[:8] else "@" in package[1:]
