"""DL3025: Write CMD and ENTRYPOINT in exec form.

In shell form the process is a child of a shell, which does not pass signals on: `docker stop` waits, then kills.

    FROM node:22-slim
    CMD node server.js

    FROM node:22-slim
    CMD ["node", "server.js"]

As for BuildKit, a SHELL in the stage or its parents says that a shell is meant. HEALTHCHECK gets no signals: one that
uses what only a shell can do is fine, and any other in shell form is just an info. hadolint reports all of them; with
the set hadolint so do we.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.lint.finding import Hit
from stackferry.grammar.regex import regex

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.dockerfile.facts.step import Step
    from stackferry.grammar.lint.settings import Settings

_HINT = 'write it as ["program", "argument"]'
_SHELL_SYNTAX = regex(r"[|&;<>()$`*?\[\]{}~#]|\A\s*(?:\w+=|(?:exit|test|cd|set|exec|eval|if|for|while|!)\s)")


def check(file: "Build", settings: "Settings") -> Iterator[Hit]:
    """Shell forms where a process should get its signals itself (BuildKit's dispatchCmd and dispatchEntrypoint)."""
    for step in file.steps("CMD", "ENTRYPOINT", "HEALTHCHECK"):
        instruction = step.instruction
        if step.onbuild or instruction.json is not None or not instruction.words:
            continue
        command = instruction.words[-1]
        severity = ""
        if step.keyword == "HEALTHCHECK":
            if not _is_shell_check(step):
                continue
            if not settings.hadolint:
                if step.shell.given or _SHELL_SYNTAX.search(command.text):
                    continue
                severity = "info"
        elif step.shell.given and not settings.hadolint:
            continue
        message = f"this {step.keyword} is in shell form"
        yield Hit(command.start, command.end, message, _HINT, severity)


def _is_shell_check(step: "Step") -> bool:
    words = step.instruction.words
    return len(words) > 1 and words[0].text.upper() == "CMD"
