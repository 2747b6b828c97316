"""DL3018: Pin versions in apk add.

An install without a version gives another image next month, and a build that worked may fail.

    RUN apk add --no-cache curl

    RUN apk add --no-cache curl=8.9.1-r1

A virtual package (`.build-deps`) has no version. What a variable holds is judged if the file tells it, and left alone
otherwise.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.lint.rules.hadolint.packages._pins import unpinned

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.dockerfile.facts.plain import PlainCall
    from stackferry.grammar.lint.finding import Hit
    from stackferry.grammar.lint.settings import Settings
    from stackferry.grammar.shell.word import ShellWord


def check(file: "Build", settings: "Settings") -> "Iterator[Hit]":
    """Installs of packages that have no version."""
    return unpinned(file, settings, ("apk",), _pinned, "{}=VERSION".format, _plain, actions=("add",))


def _pinned(package: str) -> bool:
    return any(mark in package for mark in "=<>~") or package.endswith(".apk") or package.startswith(("/", "./", "!"))


def _plain(call: "PlainCall") -> "list[tuple[str, ShellWord]]":
    """What hadolint takes for packages without a version."""
    if call.program != "apk" or not call.has("add"):
        return []
    operands = call.operands(frozenset(("t", "virtual", "X", "repository")))
    return [(text, word) for text, word in operands if text != "add" and not _is_fixed(text)]


def _is_fixed(text: str) -> bool:
    return any(mark in text for mark in "=<>~") or text.endswith(".apk")
