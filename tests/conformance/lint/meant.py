"""A deliberate difference, with conditions that distinguish it from a bug. The tables are in `known*.py`.

An entry excuses a difference in the report's figures. It needs a reason that is not "not done yet", and as narrow a
condition as the reason allows: an entry that excuses too much hides mistakes.
"""

import re
from collections.abc import Callable
from typing import NamedTuple

from tests.conformance.lint.found import Found

HADOLINT = "hadolint"
BUILDKIT = "BuildKit"
CHECKOV = "Checkov"

ONLY_THEY = "only they"
ONLY_WE = "only we"

VERDICT = "(verdict)"
"""The rule of a difference in whether a build would take the file."""


class Where(NamedTuple):
    """Where a difference is: the joined text of the instruction, and the text of the whole file.

    `refused`: we say of the instruction that no build takes it.
    """

    instruction: str
    file: str
    refused: bool = False


Condition = Callable[[Found, Where], bool]


class Known(NamedTuple):
    """One difference that is meant.

    `rules` is a pattern for the ids it is about, `side` says who has the finding, `example` what a reader can try,
    `issues` are the public reports that ask for what we do.
    """

    peer: str
    rules: str
    side: str
    reason: str
    example: str
    issues: tuple[str, ...] = ()
    applies: Condition = lambda found, where: True

    def explains(self, peer: str, side: str, found: Found, where: Where) -> bool:
        """Whether this is the reason of a difference."""
        return (
            (peer, side) == (self.peer, self.side)
            and re.fullmatch(self.rules, found.rule) is not None
            and self.applies(found, where)
        )


def instruction_has(pattern: str) -> Condition:
    """The instruction has this in it."""
    compiled = re.compile(pattern, re.IGNORECASE)
    return lambda found, where: compiled.search(where.instruction) is not None


def file_has(pattern: str) -> Condition:
    """The file has this in it."""
    compiled = re.compile(pattern, re.IGNORECASE | re.MULTILINE)
    return lambda found, where: compiled.search(where.file) is not None


def message_has(pattern: str) -> Condition:
    """The message has this in it."""
    compiled = re.compile(pattern, re.IGNORECASE)
    return lambda found, where: compiled.search(found.message) is not None
