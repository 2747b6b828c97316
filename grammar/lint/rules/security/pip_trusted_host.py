"""pip-trusted-host: Do not disable certificate checks in pip.

A trusted host is one whose certificate is not looked at; packages from it may be anybody's, and run as root.

    RUN pip install --trusted-host pypi.example.com app

    COPY company-ca.crt /etc/ssl/company-ca.crt
    RUN pip install --cert /etc/ssl/company-ca.crt app

PIP_TRUSTED_HOST in ENV, ARG or a script is the same, and so is `trusted-host` in pip's configuration.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.dockerfile.facts.programs.environment import variables_set
from stackferry.grammar.lint.rules.security._calls import calls_of, hits_at, valued_option, written
from stackferry.grammar.regex import regex

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.lint.finding import Hit
    from stackferry.grammar.lint.rules.security._calls import Place
    from stackferry.grammar.lint.settings import Settings

_MESSAGE = "pip accepts any certificate from this host"
_HINT = "remove it, and specify the certificate with --cert or PIP_CERT"
_LOCAL = ("localhost", "127.0.0.1", "[::1]")
_LINE = regex(r"^trusted-host\b")


def check(file: "Build", settings: "Settings") -> "Iterator[Hit]":
    """Hosts that pip trusts blindly."""
    places: list[Place] = [*written(file, ("pip.conf", "pip.ini"), _LINE)]
    places += [
        variable
        for variable in variables_set(file, "PIP_TRUSTED_HOST", "UV_INSECURE_HOST")
        if variable.value and not variable.value.startswith(_LOCAL)
    ]
    for call in calls_of(file):
        if call.program.startswith(("pip", "python", "uv")):
            hosts = valued_option(call, "--trusted-host", "--allow-insecure-host")
            places += [word for value, word in hosts if value and not value.startswith(_LOCAL)]
            if "config" in call.values and "set" in call.values:
                places += [word for word in call.invocation.arguments if (word.value or "").endswith("trusted-host")]
    return hits_at(places, _MESSAGE, _HINT)
