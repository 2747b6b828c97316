"""npm-strict-ssl: Do not disable certificate checks in npm and yarn.

With strict-ssl false, whoever stands between the build and the registry chooses the packages.

    RUN npm config set strict-ssl false

    COPY company-ca.crt /etc/ssl/company-ca.crt
    RUN npm config set cafile /etc/ssl/company-ca.crt

NPM_CONFIG_STRICT_SSL in ENV, ARG or a script is the same, and so are --no-strict-ssl, enableStrictSsl of newer yarn,
and a line of .npmrc.
"""

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

_MESSAGE = "any certificate from the registry is accepted"
_HINT = "remove it, and specify the certificate with cafile or NODE_EXTRA_CA_CERTS"
_VARIABLES = ("NPM_CONFIG_STRICT_SSL", "npm_config_strict_ssl", "YARN_STRICT_SSL", "YARN_ENABLE_STRICT_SSL")
_SETTINGS = ("strict-ssl", "enableStrictSsl")
_LINE = regex(r"""^(?:strict-ssl|enableStrictSsl)["']?\s*[=: ]\s*["']?false\b""")


def check(file: "Build", settings: "Settings") -> "Iterator[Hit]":
    """What switches them off: variables, options, settings, lines of files."""
    places: list[Place] = [*written(file, (".npmrc", ".yarnrc", ".yarnrc.yml", "/npmrc"), _LINE)]
    places += [variable for variable in variables_set(file, *_VARIABLES) if (variable.value or "").lower() in OFF]
    for call in calls_of(file, "npm", "npx", "yarn", "pnpm", "yarnpkg"):
        places += _words(call)
    return hits_at(places, _MESSAGE, _HINT)


def _words(call: "Call") -> "Iterator[Argument]":
    arguments = call.invocation.arguments
    names = ("--strict-ssl", *_SETTINGS) if "set" in call.values else ("--strict-ssl",)
    for at, argument in enumerate(arguments):
        name, given, value = (argument.value or "").partition("=")
        if not given and at + 1 < len(arguments):
            value = arguments[at + 1].value or ""
        if name == "--no-strict-ssl" or (name in names and value == "false"):
            yield argument
