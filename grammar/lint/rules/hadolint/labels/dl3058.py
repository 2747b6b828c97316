"""DL3058: Give a label of type email an e-mail address.

It looks at labels that `label-schema` gives that type: the bare address, without a name (RFC 5322's addr-spec).

    # label-schema: contact = "email"
    FROM debian:12
    LABEL contact="Jo Doe <jo@example.com>"

    FROM debian:12
    LABEL contact=jo@example.com

A value that holds a variable that the file does not tell is not reported.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.lint.rules.hadolint.labels.schema import mismatched
from stackferry.grammar.regex import regex

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.lint.finding import Hit
    from stackferry.grammar.lint.settings import Settings

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_COMMENT = r"(?:\s*\([^()]*\))?\s*"
_PART = r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
_ADDRESS = regex(
    rf'{_COMMENT}(?:{_ATOM}(?:\.{_ATOM})*|"(?:[^"\\]|\\.)*"){_COMMENT}@{_COMMENT}'
    rf"(?:{_PART}(?:\.{_PART})*\.?|\[[^\[\]\\\s]*\]){_COMMENT}"
)


def check(file: "Build", settings: "Settings") -> "Iterator[Hit]":
    """Values that are not addresses."""
    return mismatched(file, settings, "email", _ADDRESS, "an e-mail address", "write it in the form jo@example.com")
