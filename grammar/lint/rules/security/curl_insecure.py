"""curl-insecure: Do not disable certificate checks in curl.

With -k, whoever stands between the build and the server chooses what is downloaded.

    RUN curl -k https://example.com/install.sh | sh

    COPY company-ca.crt /usr/local/share/ca-certificates/
    RUN update-ca-certificates && curl -fsS https://example.com/install.sh | sh

A line `insecure` for .curlrc is the same. What comes from localhost is left alone, and so is HEALTHCHECK.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.lint.rules.security._calls import calls_of, hits_at, is_local, letters, option, written
from stackferry.grammar.regex import regex

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.lint.finding import Hit
    from stackferry.grammar.lint.rules.security._calls import Place
    from stackferry.grammar.lint.settings import Settings

_MESSAGE = "curl accepts any certificate"
_HINT = "remove it, and install the missing certificate"
_OPTIONS = ("--insecure", "--proxy-insecure", "--doh-insecure")
_VALUED = "AbcCdDeEFhHKmoPQrtTuUwxXyYz"
_LINE = regex(r"^(?:--?)?(?:insecure|k)$")


def check(file: "Build", settings: "Settings") -> "Iterator[Hit]":
    """Calls of curl that take any certificate."""
    places: list[Place] = [*written(file, (".curlrc",), _LINE)]
    for call in calls_of(file, "curl"):
        if not is_local(call):
            places += [*option(call, *_OPTIONS), *letters(call, "k", _VALUED)]
    return hits_at(places, _MESSAGE, _HINT)
