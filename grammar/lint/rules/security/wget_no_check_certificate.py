"""wget-no-check-certificate: Do not disable certificate checks in wget.

With --no-check-certificate, whoever stands between the build and the server chooses what is downloaded.

    RUN wget --no-check-certificate https://example.com/app.tar.gz

    RUN apk add --no-cache ca-certificates && wget https://example.com/app.tar.gz

`check_certificate = off` for .wgetrc, or behind -e, is the same. What comes from localhost is left alone, and so is
HEALTHCHECK.
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.lint.rules.security._calls import calls_of, hits_at, is_local, valued_option, written
from stackferry.grammar.regex import regex

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.dockerfile.facts.commands import Argument
    from stackferry.grammar.dockerfile.facts.programs.calls import Call
    from stackferry.grammar.lint.finding import Hit
    from stackferry.grammar.lint.rules.security._calls import Place
    from stackferry.grammar.lint.settings import Settings

_MESSAGE = "wget accepts any certificate"
_HINT = "remove it, and install ca-certificates or the missing certificate"
_OFF = frozenset(
    (
        # wget takes the beginning of an option for the option.
        *("--no-check-certificate"[:end] for end in range(len("--no-check"), len("--no-check-certificate") + 1)),
        *(f"--check-certificate={value}" for value in ("no", "off", "quiet", "false", "0")),
    )
)
_VALUED = regex(r"-[a-zA-Z]*[aABDeiIloOPQRtTUwX]")
"""A group of short options whose last one takes the next word as its value."""
_LINE = regex(r"^check_?certificate\s*=\s*(?:off|no|0|quiet)$", re.IGNORECASE)


def check(file: "Build", settings: "Settings") -> "Iterator[Hit]":
    """Calls of wget that take any certificate."""
    places: list[Place] = [*written(file, ("wgetrc",), _LINE)]
    for call in calls_of(file, "wget", "wget2"):
        if not is_local(call):
            places += _options(call)
            places += [word for value, word in valued_option(call, "-e", "--execute") if _LINE.match(value)]
    return hits_at(places, _MESSAGE, _HINT)


def _options(call: "Call") -> "Iterator[Argument]":
    before = ""
    for word in call.invocation.arguments:
        text = word.value or ""
        if not _VALUED.fullmatch(before) and text in _OFF:
            yield word
        before = text
