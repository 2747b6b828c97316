"""DL3052: Give a label of type url a URL.

It looks at labels that `label-schema` gives that type. A URL has a scheme.

    # label-schema: home = "url"
    FROM debian:12
    LABEL home=example.com

    FROM debian:12
    LABEL home=https://example.com/

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

# RFC 3986: unreserved characters, sub-delims and what is written with a percent sign.
_CHARACTER = r"(?:[A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})"
_AUTHORITY = rf"//(?:{_CHARACTER}*@)?(?:\[[0-9A-Fa-f:.]+\]|(?:[A-Za-z0-9._~!$&'()*+,;=-]|%[0-9A-Fa-f]{{2}})*)(?::\d*)?"
_URL = regex(
    rf"[A-Za-z][A-Za-z0-9+.-]*:(?:{_AUTHORITY}(?:/{_CHARACTER}*)*|/?(?:{_CHARACTER}+(?:/{_CHARACTER}*)*)?)"
    rf"(?:\?(?:{_CHARACTER}|[/?])*)?(?:\#(?:{_CHARACTER}|[/?])*)?"
)


def check(file: "Build", settings: "Settings") -> "Iterator[Hit]":
    """Values that are not URLs."""
    return mismatched(file, settings, "url", _URL, "a URL", "write it in the form https://example.com/")
