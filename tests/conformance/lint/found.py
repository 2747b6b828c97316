"""A finding of any linter in a file."""

from typing import NamedTuple


class Found(NamedTuple):
    """A finding: the id of a rule, the line from 1, the severity in hadolint's words (BuildKit has none), a text."""

    rule: str
    line: int
    severity: str
    message: str


class Verdict(NamedTuple):
    """A linter's answer. `refused` says why the file is none to it, empty if it is; `line` is where, 0 if unknown."""

    refused: str
    line: int
    findings: tuple[Found, ...]
