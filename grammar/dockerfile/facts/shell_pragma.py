"""`# hadolint shell=powershell`: a comment that says which shell runs, where the file cannot tell.

Before the first FROM it speaks of all stages, above a FROM of that stage, elsewhere of the rest of its stage, until
SHELL says otherwise. hadolint forgets it at the next ENV or ARG, and does not heed it above a FROM; we do neither.
"""

import re

from stackferry.grammar.dockerfile.facts.shells import Shell, shell_of
from stackferry.grammar.dockerfile.instruction import Instruction
from stackferry.grammar.regex import regex

_SHELL = regex(r"hadolint[ \t]+shell[ \t]*=[ \t]*([^\n\t #]+)[ \t]*(?:#.*)?", re.DOTALL)


def shell_said(instruction: Instruction) -> Shell | None:
    """The shell that the last such comment above an instruction names; None if there is none."""
    for comment in reversed(instruction.above):
        found = _SHELL.fullmatch(comment.text)
        if found is not None:
            return shell_of((found[1],))._replace(given=False)
    return None
