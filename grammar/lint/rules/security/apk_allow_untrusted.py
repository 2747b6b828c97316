"""apk-allow-untrusted: Do not install unsigned packages with apk.

With --allow-untrusted anybody's package is installed as root.

    RUN apk add --allow-untrusted app.apk

    COPY key.rsa.pub /etc/apk/keys/
    RUN apk add app.apk

`apk index` makes an index and installs nothing.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.lint.rules.security._calls import calls_of, hits_at, option

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.lint.finding import Hit
    from stackferry.grammar.lint.settings import Settings

_ACTIONS = frozenset(("add", "fetch", "fix", "upgrade"))


def check(file: "Build", settings: "Settings") -> "Iterator[Hit]":
    """Calls of apk that take any package."""
    calls = [call for call in calls_of(file, "apk") if not _ACTIONS.isdisjoint(call.values)]
    places = [word for call in calls for word in option(call, "--allow-untrusted")]
    return hits_at(places, "apk installs unsigned packages", "add the key to /etc/apk/keys")
