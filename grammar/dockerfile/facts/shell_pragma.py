"""`# hadolint shell=powershell`: a comment that names the shell if the file cannot tell.

Before the first FROM it applies to all stages, above a FROM to that stage, elsewhere to the rest of its stage, up to
the next SHELL. hadolint forgets it at the next ENV or ARG, and ignores it above a FROM; we do neither.
"""

import re

from stackferry.grammar.dockerfile.facts.shells import Shell, shell_of
from stackferry.grammar.dockerfile.instruction import Instruction
from stackferry.grammar.regex import regex

_SHELL = regex(r"hadolint[ \t]+shell[ \t]*=[ \t]*([^\n\t #]+)[ \t]*(?:#.*)?", re.DOTALL)


def shell_said(instruction: Instruction) -> Shell | None:
    """The shell in the last such comment above an instruction; None if there is none."""
    for comment in reversed(instruction.above):
        found = _SHELL.fullmatch(comment.text)
        if found is not None:
            return shell_of((found[1],))._replace(given=False)
    return None
