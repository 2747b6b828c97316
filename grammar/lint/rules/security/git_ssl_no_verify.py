"""git-ssl-no-verify: Do not disable certificate checks in Git.

GIT_SSL_NO_VERIFY switches them off whatever its value is: whoever stands between the build and the server chooses the
sources.

    ENV GIT_SSL_NO_VERIFY=1

    COPY company-ca.crt /etc/ssl/company-ca.crt
    RUN git config --global http.sslCAInfo /etc/ssl/company-ca.crt

`http.sslVerify` set to false by `git config` or `git -c` is the same.
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.dockerfile.facts.programs.environment import variables_set
from stackferry.grammar.lint.rules.security._calls import OFF, calls_of, hits_at, written
from stackferry.grammar.regex import regex

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.dockerfile.facts.commands import Argument
    from stackferry.grammar.dockerfile.facts.programs.calls import Call
    from stackferry.grammar.lint.finding import Hit
    from stackferry.grammar.lint.rules.security._calls import Place
    from stackferry.grammar.lint.settings import Settings

_MESSAGE = "Git accepts any certificate"
_HINT = "remove it, and specify the certificate with http.sslCAInfo or GIT_SSL_CAINFO"
_LINE = regex(r"^sslVerify\s*=\s*(?:false|0|no|off)$", re.IGNORECASE)


def check(file: "Build", settings: "Settings") -> "Iterator[Hit]":
    """The variable, and the setting."""
    places: list[Place] = [*written(file, (".gitconfig", "/gitconfig"), _LINE)]
    places += variables_set(file, "GIT_SSL_NO_VERIFY")
    for call in calls_of(file, "git"):
        places += _settings(call)
    return hits_at(places, _MESSAGE, _HINT)


def _settings(call: "Call") -> "Iterator[Argument]":
    arguments = call.invocation.arguments
    for at, word in enumerate(arguments):
        name, given, value = (word.value or "").lower().partition("=")
        if name.startswith("http.") and name.endswith(".sslverify"):
            if not given and at + 1 < len(arguments):
                value = (arguments[at + 1].value or "").lower()
            if value in OFF:
                yield word
