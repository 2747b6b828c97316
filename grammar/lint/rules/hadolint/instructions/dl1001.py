"""DL1001: Do not suppress rules in comments.

A comment that silences a rule is easily forgotten. This is off unless it is asked for, for teams that keep all
exceptions in the configuration.

    # hadolint ignore=DL3006
    FROM debian

Name the rule in the configuration, or do what it says:

    FROM debian:12

hadolint only reports pragmas that speak of the next instruction; with the set hadolint so do we.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.lint.finding import Hit
from stackferry.grammar.regex import regex

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.lint.settings import Settings

_PRAGMA = regex(r"(?:hadolint|stackferry)[ \t]+((?:global|stage)[ \t]+)?ignore[ \t]*=[ \t]*(\w[\w-]*)")


def check(file: "Build", settings: "Settings") -> Iterator[Hit]:
    """Comments that are pragmas."""
    inside = [comment for instruction in file.dockerfile.instructions for comment in instruction.inside]
    outside = file.dockerfile.comments
    for comment in outside if settings.hadolint else sorted((*outside, *inside), key=lambda comment: comment.start):
        pragma = _PRAGMA.match(comment.text)
        if pragma is None or (settings.hadolint and (pragma[1] or not pragma[2].startswith(("DL", "SC")))):
            continue
        message = f"this comment suppresses {pragma[2]}"
        yield Hit(comment.start, comment.end, message, "ignore the rule in the configuration instead")
