"""apk-allow-untrusted: Do not install packages of apk without a signature.

With --allow-untrusted anybody's package is installed as root.

    RUN apk add --allow-untrusted app.apk

    COPY key.rsa.pub /etc/apk/keys/
    RUN apk add app.apk
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.lint.rules.security._calls import calls_of, hits_at, option

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.lint.finding import Hit
    from stackferry.grammar.lint.settings import Settings


def check(file: "Build", settings: "Settings") -> "Iterator[Hit]":
    """Calls of apk that take any package."""
    places = [word for call in calls_of(file, "apk") for word in option(call, "--allow-untrusted")]
    return hits_at(places, "apk takes packages without a signature", "add the key to /etc/apk/keys")
