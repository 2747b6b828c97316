"""The lines before a script: its shell, directives that hold for all of it, and the variables that it finds set.

ShellCheck learns the shell from `#!`, and from `export` that a name is set, and to what.
"""

from collections.abc import Iterator, Mapping

from stackferry.grammar.dockerfile.facts.scope import PROXIES
from stackferry.grammar.dockerfile.facts.scripts import ScriptText
from stackferry.grammar.lint.shellcheck.manner import Manner

SHELLS: Mapping[str, str] = {"sh": "sh", "ash": "ash", "dash": "dash", "bash": "bash", "ksh": "ksh"}
"""Dialects that ShellCheck knows, by ours. It does not know zsh."""

_PLAIN = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_./:@%+,=^-")
_PROXIES = dict.fromkeys(sorted(PROXIES))


def prelude(script: ScriptText, manner: Manner) -> str:
    """Whole lines; what ShellCheck finds in them is of no interest."""
    directives = tuple(_directives(script.text))
    lines = [f"#!/bin/{_shell(script, manner)}"]
    if manner.shells and script.dialect == "ash" and not any("shell=" in directive for directive in directives):
        lines.append("# shellcheck shell=busybox")
    lines += directives
    names = " ".join(_exports(script.step.variables, manner))
    lines.append(f"export {names}\n")
    return "\n".join(lines)


def _shell(script: ScriptText, manner: Manner) -> str:
    name = SHELLS[script.dialect]
    if not manner.shells:
        # The shell that nobody has asked for is sh to hadolint, even where it is known to be busybox's.
        return "sh" if name == "ash" and not script.step.shell.given else name
    return f"{name} -e" if script.errexit or _has_errexit(script.step.shell.words) else name


def _has_errexit(words: tuple[str, ...]) -> bool:
    """Whether a shell is started with `-e`, alone or among others (`-exo pipefail`)."""
    return any(word[:1] == "-" and word[1:2] != "-" and "e" in word[1:] for word in words[1:])


def _directives(text: str) -> Iterator[str]:
    """ShellCheck's directives among the comments that a heredoc begins with: they are meant for all of it."""
    for line in text.split("\n"):
        kept = line.strip()
        if kept and not kept.startswith("#"):
            return
        if kept.lstrip("#").split()[:1] == ["shellcheck"]:
            yield kept


def _exports(variables: Mapping[str, str | None], manner: Manner) -> Iterator[str]:
    known = {**_PROXIES, **variables}
    for name in sorted(known):
        if name.isascii() and name.isidentifier():
            yield _export(name, known[name], manner)


def _export(name: str, value: str | None, manner: Manner) -> str:
    """`export NAME` alone says that a name is set, and nothing of its value."""
    if not manner.values:
        return f"{name}=1"
    return name if value is None else f"{name}={_stand_in(value)}"


def _stand_in(value: str) -> str:
    """A value as ShellCheck sees it: whether it is a number, splits or has wildcards counts; which word it is does not.

    So scripts that differ in the version that they install only are one script (541 instead of 641 in our corpus).
    """
    if value and _PLAIN.issuperset(value):
        return "1" if value.removeprefix("-").isdecimal() else "x"
    quoted = value.replace("'", "'\\''")
    return f"'{quoted}'"
