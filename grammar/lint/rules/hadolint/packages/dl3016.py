"""DL3016: Pin versions in npm install.

An install without a version gives another image next month, and a build that worked may fail.

    RUN npm install -g yarn

    RUN npm install -g yarn@1.22.22

`npm install` without names reads package.json and is fine. What a variable holds is judged if the file tells it, and
left alone otherwise.
"""

from collections.abc import Iterator
from itertools import dropwhile
from typing import TYPE_CHECKING

from stackferry.grammar.lint.rules.hadolint.packages._pins import unpinned
from stackferry.grammar.regex import regex

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.dockerfile.facts.programs.plain import PlainCall
    from stackferry.grammar.lint.finding import Hit
    from stackferry.grammar.lint.settings import Settings
    from stackferry.grammar.shell.word import ShellWord


_PATHS = ("/", "./", "../", "~/", "file:")
_SCOPE = regex(r"[^\x00-/]+")
_FILES = (".tgz", ".tar.gz", ".tar")


def check(file: "Build", settings: "Settings") -> "Iterator[Hit]":
    """Installs of packages that have no version."""
    return unpinned(file, settings, ("npm",), _pinned, _how, _plain)


def _how(package: str) -> str:
    return f"{package}#COMMIT" if ":" in package else f"{package}@VERSION"


def _pinned(package: str) -> bool:
    if package.startswith(_PATHS) or package.endswith(_FILES):
        return True
    return "#" in package if "://" in package or ":" in package[:8] else "@" in package[1:]


def _plain(call: "PlainCall") -> "list[tuple[str, ShellWord]]":
    """What hadolint takes for packages without a version."""
    operands = call.operands(frozenset(("registry", "loglevel")))
    if call.program != "npm" or not operands or operands[0][0] != "install":
        return []
    packages = dropwhile(_is_action, operands)
    return [(text, word) for text, word in packages if not _is_fixed(text)]


def _is_action(operand: "tuple[str, ShellWord]") -> bool:
    return operand[0] == "install"


def _is_fixed(text: str) -> bool:
    if text.startswith(("git://", "git+ssh://", "git+http://", "git+https://")):
        return "#" in text
    if text.startswith(("/", "./", "../", "~/")) or text.endswith(_FILES):
        return True
    # What it takes for the scope goes on to the first sign that comes before the digits: @scope/name, @my-scope/name.
    return "@" in (_SCOPE.sub("", text, count=1) if text.startswith("@") else text)
