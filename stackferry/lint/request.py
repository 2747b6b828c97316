"""The request of a lint: the command-line options about files and rules."""

from typing import NamedTuple

from stackferry.errors import WrongUsageError
from stackferry.grammar.lint.catalogue import Catalogue
from stackferry.grammar.lint.config.config import Config, with_options
from stackferry.grammar.lint.terms import suggestion, term


class Request(NamedTuple):
    """The files, rules and format of a lint; empty or None fields are left to the configuration.

    `paths` as given, `-` for standard input, displayed as `stdin_filename`. `select` and `ignore` are terms.
    """

    paths: tuple[str, ...] = ()
    stdin_filename: str | None = None
    format: str | None = None
    set: str | None = None
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    fail_on: str | None = None
    config: str | None = None
    no_config: bool = False

    def over(self, config: Config) -> Config:
        """A configuration with the command line's options applied over it."""
        return with_options(
            config, set=self.set or "", select=self.select, ignore=self.ignore, fail_on=self.fail_on or ""
        )


def terms(texts: tuple[str, ...], option: str, catalogue: Catalogue) -> tuple[str, ...]:
    """The terms of an option that may be repeated and may hold several terms separated by commas.

    Raises WrongUsageError for an unknown term.
    """
    found = tuple(text for part in texts for text in part.replace(",", " ").split())
    for text in found:
        if term(catalogue, text) is None:
            close = suggestion(catalogue, text)
            hint = f"did you mean '{close}'?" if close else "list the rules with `stackferry lint --rules`"
            raise WrongUsageError(f"{option}: {text!r} is not a rule, a prefix of rules or a set of rules", hint)
    return found
