"""python-https-verify: Do not disable certificate checks in Python.

With PYTHONHTTPSVERIFY=0 Python 2.7.9 and later take any certificate, in the build and in the running container.

    ENV PYTHONHTTPSVERIFY=0

    COPY company-ca.crt /etc/ssl/company-ca.crt
    ENV SSL_CERT_FILE=/etc/ssl/company-ca.crt

It counts in ENV, ARG, `export`, before a command and in a profile that the build writes alike.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.dockerfile.facts.programs.environment import variables_set
from stackferry.grammar.lint.rules.security._calls import hits_at

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.lint.finding import Hit
    from stackferry.grammar.lint.settings import Settings


def check(file: "Build", settings: "Settings") -> "Iterator[Hit]":
    """Settings of the variable, wherever they are."""
    places = [variable for variable in variables_set(file, "PYTHONHTTPSVERIFY") if variable.value == "0"]
    return hits_at(places, "Python accepts any certificate", "specify the certificate with SSL_CERT_FILE instead")
