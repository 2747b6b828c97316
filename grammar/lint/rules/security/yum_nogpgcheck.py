"""yum-nogpgcheck: Do not install unsigned packages with yum, dnf or zypper.

With --nogpgcheck anybody's package is installed as root.

    RUN dnf install -y --nogpgcheck app

    RUN rpm --import https://example.com/key.asc && dnf install -y app

`gpgcheck=0` as a value of --setopt or in a repository's file, and zypper's --no-gpg-checks, are the same.
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.lint.rules.security._calls import calls_of, hits_at, option, valued_option, written
from stackferry.grammar.regex import regex

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.lint.finding import Hit
    from stackferry.grammar.lint.rules.security._calls import Place
    from stackferry.grammar.lint.settings import Settings

_MESSAGE = "unsigned packages are installed"
_HINT = "import the repository's key with rpm --import"
_PROGRAMS = (
    *("yum", "dnf", "dnf5", "microdnf", "tdnf", "zypper", "rpm"),
    *("yum-config-manager", "dnf-config-manager"),
)
_LINE = regex(r"^gpgcheck\s*=\s*(?:0|false|no|off)$", re.IGNORECASE)
_OPTION = regex(r"(?:^|\.)gpgcheck=(?:0|false|no|off)$", re.IGNORECASE)


def check(file: "Build", settings: "Settings") -> "Iterator[Hit]":
    """Calls that take any package, and configurations that do."""
    places: list[Place] = [*written(file, (".repo", "yum.conf", "dnf.conf"), _LINE)]
    for call in calls_of(file, *_PROGRAMS):
        places += option(call, "--nogpgcheck", "--no-gpgchecks", "--no-gpg-checks", "--no-gpgcheck")
        places += [word for value, word in valued_option(call, "--setopt") if _OPTION.search(value)]
    return hits_at(places, _MESSAGE, _HINT)
