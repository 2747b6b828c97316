"""DL3008: Pin versions in apt-get install.

An install without a version gives another image next month, and a build that worked may fail.

    RUN apt-get update && apt-get install -y curl

    RUN apt-get update && apt-get install -y curl=7.88.*

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
    return unpinned(file, settings, ("apt",), _pinned, "{}=VERSION".format, _plain, _exempt)


def _pinned(package: str) -> bool:
    return package.endswith(("-", ".deb")) or "=" in package or "/" in package


def _exempt(call: "PackageCall") -> bool:
    # `apt` has a rule of its own.
    return call.program != "apt-get"


def _plain(call: "PlainCall") -> "list[tuple[str, ShellWord]]":
    """What hadolint takes for packages without a version."""
    if call.program != "apt-get" or not call.has("install"):
        return []
    operands = call.operands(frozenset(("t", "target-release")))
    return [(text, word) for text, word in operands if text != "install" and not _is_fixed(text)]


def _is_fixed(text: str) -> bool:
    return "=" in text or "/" in text or text.endswith(".deb")
