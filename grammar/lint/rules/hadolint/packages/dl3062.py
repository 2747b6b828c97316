"""DL3062: Pin versions in go install.

An install without a version gives another image next month, and a build that worked may fail.

    RUN go install golang.org/x/tools/gopls

    RUN go install golang.org/x/tools/gopls@v0.16.1

A path in the module that is built, or in Go itself, has the version of that. What a variable holds is judged if the
file tells it, and left alone otherwise.
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

_ACTIONS = ("install", "get", "run")


def check(file: "Build", settings: "Settings") -> "Iterator[Hit]":
    """Installs of packages that have no version."""
    return unpinned(file, settings, ("go",), _pinned, _how, _plain, actions=("install", "get"))


def _how(package: str) -> str:
    return f"{package.partition('@')[0]}@VERSION"


def _pinned(package: str) -> bool:
    return (
        ("@" in package and not package.endswith("@latest"))
        or package.startswith((".", "/"))
        or "." not in package.partition("/")[0]
    )


def _plain(call: "PlainCall") -> "list[tuple[str, ShellWord]]":
    """What hadolint takes for packages without a version. A RUN that has `go run` is judged by what that runs alone."""
    if call.program != "go" or not call.has(*_ACTIONS):
        return []
    if not call.has("run"):
        if any(_operands(other) for other in call.invocation.script.step.plain_calls if other.has("run")):
            return []
        return [operand for operand in _operands(call) if not _is_fixed(operand[0])]
    return [operand for operand in _operands(call)[:1] if not _is_fixed(operand[0])]


def _operands(call: "PlainCall") -> "list[tuple[str, ShellWord]]":
    return [(text, word) for text, word in call.operands() if text not in _ACTIONS] if call.program == "go" else []


def _is_fixed(text: str) -> bool:
    return text.startswith((".", "/")) or ("@" in text and not text.endswith(("@latest", "@none")))
