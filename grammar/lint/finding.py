"""What the linter says: hits of a rule in a file, and findings with a line and a column for a person or a program."""

from typing import NamedTuple

SEVERITIES = ("error", "warning", "info", "style")
"""From the worst down. `ignore` is a severity of configurations only: a rule that is off unless it is selected."""


class Hit(NamedTuple):
    """What a rule found: a range of offsets in the source, and a message. `severity` overrules the rule's own.

    `id` is only set where one checker speaks for many ids (ShellCheck).
    """

    start: int
    end: int
    message: str
    hint: str = ""
    severity: str = ""
    id: str = ""


class Finding(NamedTuple):
    """One finding; lines and columns from 1, the end just after the last character. `fix` is none yet."""

    path: str
    line: int
    column: int
    end_line: int
    end_column: int
    severity: str
    id: str
    message: str
    hint: str = ""
    fix: None = None
