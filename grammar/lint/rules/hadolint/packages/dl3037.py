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
    from stackferry.grammar.dockerfile.facts.packages import PackageCall
    from stackferry.grammar.dockerfile.facts.plain import PlainCall
    from stackferry.grammar.lint.finding import Hit
    from stackferry.grammar.lint.settings import Settings
    from stackferry.grammar.shell.word import ShellWord


def check(file: "Build", settings: "Settings") -> "Iterator[Hit]":
    """Installs of packages that have no version."""
    return unpinned(file, settings, ("zypper",), _pinned, "{}=VERSION".format, _plain, _exempt)


def _pinned(package: str) -> bool:
    return any(mark in package for mark in "=<>") or package.endswith(".rpm") or package.startswith(("/", "./"))


def _exempt(call: "PackageCall") -> bool:
    # A pattern has no version.
    return "pattern" in (call.options.get("-t"), call.options.get("--type"))


def _plain(call: "PlainCall") -> "list[tuple[str, ShellWord]]":
    """What hadolint takes for packages without a version."""
    if call.program != "zypper" or not call.has("install", "in"):
        return []
    return [(text, word) for text, word in call.operands() if text not in ("install", "in") and not _is_fixed(text)]


def _is_fixed(text: str) -> bool:
    return any(mark in text for mark in "=<>") or text.endswith(".rpm")
