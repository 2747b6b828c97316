"""The lines before a script: its shell, directives for the whole script, and the variables that are set.

ShellCheck learns the shell from `#!`, and set names and their values from `export`.
"""

import re
from collections.abc import Iterator, Sequence

from stackferry.grammar.dockerfile.facts.scope import PROXIES
from stackferry.grammar.dockerfile.facts.scripts import ScriptText
from stackferry.grammar.lint.shellcheck.manner import Manner

SHELLS = frozenset(("sh", "ash", "dash", "bash", "ksh"))
"""Dialects that ShellCheck supports; zsh is not among them."""

_CODES = r"(?:all|(?:SC)?[0-9]{4}(?:-(?:SC)?[0-9]{4})?)"
_DIRECTIVE = rf"#\s*shellcheck(?:\s+(?:disable={_CODES}(?:,{_CODES})*|shell=[a-z]+|enable=[a-z,-]+))+(?:\s*#.*)?"
"""A directive that ShellCheck can parse (its manual, "Directives"), except those on sourced files."""

_PLAIN = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_./:@%+,=^-")
_PROXIES = dict.fromkeys(sorted(PROXIES))


def prelude(script: ScriptText, manner: Manner) -> str:
    """The prelude in whole lines; ShellCheck's remarks on it are discarded."""
    directives = tuple(_directives(script.text))
    lines = [f"#!/bin/{_shell(script, manner)}"]
    if manner.shells and script.dialect == "ash" and not any("shell=" in directive for directive in directives):
        lines.append("# shellcheck shell=busybox")
    lines += directives
    lines.append(f"export {' '.join(_exports(script, manner))}\n")
    return "\n".join(lines)


def _shell(script: ScriptText, manner: Manner) -> str:
    name = script.dialect
    if not manner.shells:
        # To hadolint the default shell is sh, even if it is known to be busybox's.
        return "sh" if name == "ash" and not script.step.shell.given else name
    return f"{name} -e" if _has_errexit(script) else name


def _has_errexit(script: ScriptText) -> bool:
    """Whether a shell is started with `-e`, alone or among others (`-exo pipefail`)."""
    words: Sequence[str] = script.step.shell.words
    if script.parent is not None:
        return script.errexit
    if script.text.startswith("#!"):
        words = script.text.partition("\n")[0].split()
    return script.errexit or any(word[0] == "-" and word[1:2] != "-" and "e" in word for word in words[1:] if word)


def _directives(text: str) -> Iterator[str]:
    """ShellCheck's directives among the first comments of a heredoc: they apply to all of it."""
    for line in text.split("\n"):
        kept = line.strip()
        if kept and not kept.startswith("#"):
            return
        # An invalid directive stays where it is, so that ShellCheck reports it there.
        if "shellcheck" in kept and re.fullmatch(_DIRECTIVE, kept):
            yield kept


def _exports(script: ScriptText, manner: Manner) -> Iterator[str]:
    """The words of `export`. A name alone says that it is set, but nothing of its value.

    ShellCheck gets every name, so that it can suggest one for an unset name; a value costs it
    much more, and is only needed for names that the script uses.
    """
    secrets = [mount.variable for mount in script.step.mounts] if manner.values else ()
    known = {**_PROXIES, **script.step.variables, **dict.fromkeys(name for name in secrets if name)}
    for name in sorted(known):
        if name.isascii() and name.isidentifier():
            value = (known[name] if manner.values else "1") if name in script.text else None
            yield name if value is None else f"{name}={_stand_in(value)}"


def _stand_in(value: str) -> str:
    """A stand-in for a value: only whether it is a number, splits or has wildcards matters to ShellCheck.

    So scripts that differ only in the version that they install are the same text (521 texts instead of 561 in our
    corpus).
    """
    if value and _PLAIN.issuperset(value):
        return "1" if value.removeprefix("-").isdecimal() else "x"
    quoted = value.replace("'", "'\\''")
    return f"'{quoted}'"
