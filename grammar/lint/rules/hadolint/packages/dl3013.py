"""DL3013: Pin versions in pip install.

An install without a version gives another image next month, and a build that worked may fail.

    RUN pip install flask

    RUN pip install flask==3.0.3

A requirements or constraints file, a path and a link to a commit count as pinned. What a variable holds is judged if
the file tells it, and left alone otherwise.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.lint.rules.hadolint.packages._pins import unpinned

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.dockerfile.facts.packages import PackageCall
    from stackferry.grammar.lint.finding import Hit
    from stackferry.grammar.lint.settings import Settings


_MARKS = ("==", ">=", "<=", "!=", "~=", ">", "<", "@")
_FILES = (".whl", ".tar.gz", ".tgz", ".zip")


def check(file: "Build", settings: "Settings") -> "Iterator[Hit]":
    """Installs of packages that have no version."""
    return unpinned(file, settings, ("pip",), _pinned, "{package}==VERSION", _exempt)


def _pinned(package: str) -> bool:
    if "://" in package:
        return "@" in package.partition("://")[2] or package.endswith(_FILES)
    return any(mark in package for mark in _MARKS) or package.endswith(_FILES) or package[:1] in "./"


def _exempt(call: "PackageCall") -> bool:
    return call.has("-r", "--requirement", "-c", "--constraint", "--build-constraint")
