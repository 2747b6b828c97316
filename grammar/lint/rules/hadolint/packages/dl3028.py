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
    from stackferry.grammar.dockerfile.facts.plain import PlainCall
    from stackferry.grammar.lint.finding import Hit
    from stackferry.grammar.lint.settings import Settings
    from stackferry.grammar.shell.word import ShellWord


def check(file: "Build", settings: "Settings") -> "Iterator[Hit]":
    """Installs of packages that have no version."""
    return unpinned(file, settings, ("gem",), _pinned, "{}:VERSION".format, _plain, _exempt)


def _pinned(package: str) -> bool:
    return ":" in package or package.startswith("-") or package.endswith(".gem")


def _exempt(call: "PackageCall") -> bool:
    return call.has("-v", "--version")


def _plain(call: "PlainCall") -> "list[tuple[str, ShellWord]]":
    """What hadolint takes for packages without a version."""
    if call.program != "gem" or not call.has("install", "i") or call.has("-v", "--version"):
        return []
    if any(text.startswith("--version=") for text in call.texts):
        return []
    found: list[tuple[str, ShellWord]] = []
    skip = False
    for text, word in zip(call.texts, call.words, strict=True):
        if text == "--":
            break
        if skip:
            skip = False
        elif text.startswith("-"):
            # It takes every option for one with a value.
            skip = True
        elif text not in ("install", "i") and ":" not in text:
            found.append((text, word))
    return found
