"""apt-force-yes: Do not use --force-yes with apt.

It answers every question with yes, those about packages without a signature and about removing the system included.

    RUN apt-get install -y --force-yes app

    RUN apt-get install -y app

What of it is needed can be said: --allow-downgrades, --allow-remove-essential, --allow-change-held-packages.
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.lint.rules.security._calls import calls_of, hits_at, option, valued_option
from stackferry.grammar.regex import regex

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.lint.finding import Hit
    from stackferry.grammar.lint.rules.security._calls import Place
    from stackferry.grammar.lint.settings import Settings

_SETTING = regex(r"APT::Get::force-yes=(?:true|1|yes)", re.IGNORECASE)


def check(file: "Build", settings: "Settings") -> "Iterator[Hit]":
    """Calls of apt that force all answers."""
    places: list[Place] = []
    for call in calls_of(file, "apt-get", "apt", "aptitude"):
        places += option(call, "--force-yes")
        places += [word for value, word in valued_option(call, "-o", "--option") if _SETTING.match(value)]
    return hits_at(places, "--force-yes also installs unsigned packages", "write -y alone")
