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
from stackferry.grammar.lint.rules.hadolint.packages._plain_pip import is_install

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.dockerfile.facts.packages import PackageCall
    from stackferry.grammar.dockerfile.facts.plain import PlainCall
    from stackferry.grammar.lint.finding import Hit
    from stackferry.grammar.lint.settings import Settings
    from stackferry.grammar.shell.word import ShellWord


_VALUED = frozenset(
    ("abi", "b", "build", "e", "editable", "extra-index-url", "f", "find-links", "i", "index-url", "implementation")
) | {
    "no-binary",
    "only-binary",
    "platform",
    "prefix",
    "progress-bar",
    "proxy",
    "python",
    "python-version",
    "root",
    "src",
}
_VALUED |= {"t", "target", "trusted-host", "upgrade-strategy"}
_MARKS = ("==", ">=", "<=", "!=", "~=", ">", "<", "@")
_FILES = (".whl", ".tar.gz", ".tgz", ".zip")


def check(file: "Build", settings: "Settings") -> "Iterator[Hit]":
    """Installs of packages that have no version."""
    return unpinned(file, settings, ("pip",), _pinned, _how, _plain, _exempt)


def _pinned(package: str) -> bool:
    if "://" in package:
        return "@" in package.partition("://")[2] or package.endswith(_FILES)
    return (
        any(mark in package for mark in _MARKS) or package.endswith(_FILES) or "/" in package or package.startswith(".")
    )


def _how(package: str) -> str:
    return f"{package}@COMMIT" if "://" in package else f"{package}==VERSION"


def _exempt(call: "PackageCall") -> bool:
    return call.has("-r", "--requirement", "-c", "--constraint", "--build-constraint")


def _plain(call: "PlainCall") -> "list[tuple[str, ShellWord]]":
    """What hadolint takes for packages without a version."""
    operands = call.operands(_VALUED)
    at = next((at for at, (text, _) in enumerate(operands) if text == "install"), len(operands))
    if not is_install(call) or call.has("-r", "--requirement", ".") or call.has_flag("c", "constraint"):
        return []
    return [(text, word) for text, word in operands[at:] if text != "install" and not _is_fixed(text)]


def _is_fixed(text: str) -> bool:
    if any(mark in text for mark in ("==", ">=", "<=", "!=", "~=", ">", "<")) or text.endswith((".whl", ".tar.gz")):
        return True
    return "@" in text if "git+" in text else "/" in text
