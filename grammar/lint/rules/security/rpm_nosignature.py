"""rpm-nosignature: Do not install unsigned packages with rpm.

With --nosignature, --nodigest and their like, anybody's package, or half of one, is installed as root.

    RUN rpm -i --nosignature https://example.com/app.rpm

    RUN rpm --import https://example.com/key.asc && rpm -i https://example.com/app.rpm

A query (`rpm -qa --nosignature`) installs nothing and is left alone.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.lint.rules.security._calls import calls_of, hits_at, option

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.lint.finding import Hit
    from stackferry.grammar.lint.settings import Settings

_OPTIONS = ("--nodigest", "--nosignature", "--noverify", "--nofiledigest", "--nofiledigests")


def check(file: "Build", settings: "Settings") -> "Iterator[Hit]":
    """Calls of rpm that install any package."""
    calls = [call for call in calls_of(file, "rpm") if not any(map(_queries, call.values))]
    places = [word for call in calls for word in option(call, *_OPTIONS)]
    return hits_at(places, "rpm installs unsigned packages", "import the key with rpm --import")


def _queries(option: str) -> bool:
    return option in ("--query", "--verify", "--version") or (option[:1] == "-" and option[1:2] in ("q", "V", "e"))
