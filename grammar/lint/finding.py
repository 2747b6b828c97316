"""Results of the linter: hits of a rule in a file, and findings with line and column for output."""

from typing import NamedTuple

SEVERITIES = ("error", "warning", "info", "style")
"""Worst first. Only configurations use the severity `ignore`: such a rule is off unless it is selected."""


class Hit(NamedTuple):
    """A result of a rule: a range of offsets in the source, and a message. `severity` overrides the rule's own.

    `id` is only set if one checker reports many ids (ShellCheck).
    """

    start: int
    end: int
    message: str
    hint: str = ""
    severity: str = ""
    id: str = ""


class Finding(NamedTuple):
    """One finding; lines and columns from 1, the end just after the last character. `fix` is not used yet."""

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
