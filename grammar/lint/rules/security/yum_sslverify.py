"""yum-sslverify: Do not disable certificate checks in yum and dnf.

With sslverify=0, whoever stands between the build and the repository chooses the packages.

    RUN yum-config-manager --save --setopt=sslverify=0

    COPY company-ca.crt /etc/pki/ca-trust/source/anchors/
    RUN update-ca-trust

It counts as a value of --setopt, for one repository too, and in yum's own file or that of a repository.
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.lint.rules.security._calls import calls_of, hits_at, valued_option, written
from stackferry.grammar.regex import regex

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.lint.finding import Hit
    from stackferry.grammar.lint.rules.security._calls import Place
    from stackferry.grammar.lint.settings import Settings

_MESSAGE = "any certificate from the repository is accepted"
_HINT = "remove it, and install the missing certificate"
_PROGRAMS = ("yum", "dnf", "dnf5", "microdnf", "tdnf", "yum-config-manager", "dnf-config-manager")
_LINE = regex(r"^sslverify\s*=\s*(?:0|false|no|off)$", re.IGNORECASE)
_OPTION = regex(r"(?:^|\.)sslverify=(?:0|false|no|off)$", re.IGNORECASE)


def check(file: "Build", settings: "Settings") -> "Iterator[Hit]":
    """Options and lines that switch them off."""
    places: list[Place] = [*written(file, (".repo", "yum.conf", "dnf.conf"), _LINE)]
    for call in calls_of(file, *_PROGRAMS):
        places += [word for value, word in valued_option(call, "--setopt") if _OPTION.search(value)]
    return hits_at(places, _MESSAGE, _HINT)
