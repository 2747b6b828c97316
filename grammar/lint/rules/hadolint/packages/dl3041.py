"""DL3041: Pin versions in dnf install.

An install without a version gives another image next month, and a build that worked may fail.

    RUN dnf install -y httpd

    RUN dnf install -y httpd-2.4.57

A group and a file have no version to pin, a module has its stream (`nodejs:20`). What a variable holds is judged if
the file tells it, and left alone otherwise.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.lint.rules.hadolint.packages._pins import unpinned
from stackferry.grammar.lint.rules.hadolint.packages._plain_rpm import unpinned_packages
from stackferry.grammar.regex import regex

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.dockerfile.facts.programs.plain import PlainCall
    from stackferry.grammar.lint.finding import Hit
    from stackferry.grammar.lint.settings import Settings
    from stackferry.grammar.shell.word import ShellWord


_VERSION = regex(r"-\d|\.rpm$|^@|:")


def check(file: "Build", settings: "Settings") -> "Iterator[Hit]":
    """Installs of packages that have no version."""
    return unpinned(file, settings, ("dnf", "microdnf"), _pinned, "{}-VERSION".format, _plain)


def _pinned(package: str) -> bool:
    return bool(_VERSION.search(package)) or package.startswith(("/", "./"))


def _plain(call: "PlainCall") -> "list[tuple[str, ShellWord]]":
    """What hadolint takes for packages without a version."""
    return unpinned_packages(call, "dnf", "microdnf")
