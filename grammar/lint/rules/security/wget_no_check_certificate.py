"""wget-no-check-certificate: Do not switch off the certificates of wget.

With --no-check-certificate, whoever stands between the build and the server chooses what is downloaded.

    RUN wget --no-check-certificate https://example.com/app.tar.gz

    RUN apk add --no-cache ca-certificates && wget https://example.com/app.tar.gz

`check_certificate = off` for .wgetrc is the same. What comes from localhost is left alone, and so is HEALTHCHECK.
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.lint.rules.security._calls import calls_of, hits_at, is_local, written
from stackferry.grammar.regex import regex

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.lint.finding import Hit
    from stackferry.grammar.lint.rules.security._calls import Place
    from stackferry.grammar.lint.settings import Settings

_MESSAGE = "wget takes any certificate"
_HINT = "remove it, and install ca-certificates or the certificate that is missing"
_OFF = ("--no-check-cert", *(f"--check-certificate={value}" for value in ("no", "off", "quiet", "false", "0")))
_LINE = regex(r"^check_?certificate\s*=\s*(?:off|no|0|quiet)$", re.IGNORECASE)


def check(file: "Build", settings: "Settings") -> "Iterator[Hit]":
    """Calls of wget that take any certificate."""
    places: list[Place] = [*written(file, ("wgetrc",), _LINE)]
    for call in calls_of(file, "wget", "wget2"):
        if not is_local(call):
            places += [word for word in call.invocation.arguments if (word.value or "").startswith(_OFF)]
    return hits_at(places, _MESSAGE, _HINT)
