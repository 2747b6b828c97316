"""Relative paths, for DL3000 and DL3045: what is known of a path that may hold variables."""

from typing import TYPE_CHECKING

from stackferry.grammar.regex import regex

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.step import Step
    from stackferry.grammar.dockerfile.instruction import Word

_DRIVE = regex(r"[A-Za-z]:")
_LITERAL_START = regex(r"[\"']?([^$\"'\\`]+)")


def is_relative(step: "Step", word: "Word") -> bool:
    """Whether a path is known to be relative; what it begins with is enough. A drive letter makes it absolute."""
    path = step.expanded(word.text)
    if path is None:
        start = _LITERAL_START.match(word.text)
        if start is None:
            return False
        path = start[1]
    roots = ("/", "\\") if step.stage.windows else ("/",)
    return not path.startswith(roots) and _DRIVE.match(path) is None
