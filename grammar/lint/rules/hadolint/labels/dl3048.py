"""DL3048: Use lowercase letters, digits, dots and dashes in label keys.

Docker recommends such keys, so that they can be searched for and do not clash.

    FROM debian:12
    LABEL "My Label"=1 com.docker.mine=2

    FROM debian:12
    LABEL com.example.my-label=1

A key begins with a letter and ends with a letter or digit; dots and dashes do not follow each other. Keys that begin
with com.docker., io.docker. or org.dockerproject. are Docker's own. As for hadolint, `/` and `_` may be inside.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.lint.finding import Hit
from stackferry.grammar.lint.rules.hadolint.labels.schema import labels
from stackferry.grammar.regex import regex

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.lint.settings import Settings

_KEY = regex(r"[a-z](?:[a-z0-9./_-]*[a-z0-9])?")
_DOUBLED = regex(r"\.\.|--")
_RESERVED = ("com.docker.", "io.docker.", "org.dockerproject.")


def check(file: "Build", settings: "Settings") -> Iterator[Hit]:
    """Keys that are not of that form."""
    for _, pair, key in labels(file):
        if key.startswith(_RESERVED):
            message = f"the label {key} is in a namespace reserved for Docker"
            yield Hit(pair.name.start, pair.name.end, message, "start it with your own domain")
        elif not _KEY.fullmatch(key) or _DOUBLED.search(key):
            message = f"the label {key} has a key that Docker advises against"
            yield Hit(pair.name.start, pair.name.end, message, "write it in the form com.example.my-label")
