"""What a lint is asked for: the options of the command line that concern the files and the rules."""

from typing import NamedTuple

from stackferry.errors import WrongUsageError
from stackferry.grammar.lint.catalogue import Catalogue
from stackferry.grammar.lint.config.config import Config, with_options
from stackferry.grammar.lint.terms import suggestion, term


class Request(NamedTuple):
    """Which files, by which rules, in which format; what is empty or None is left to the configuration.

    `paths` as given, `-` for standard input, which is shown as `stdin_filename`. `select` and `ignore` are terms.
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
        """A configuration with what the command line says over it."""
        return with_options(
            config, set=self.set or "", select=self.select, ignore=self.ignore, fail_on=self.fail_on or ""
        )


def terms(texts: tuple[str, ...], option: str, catalogue: Catalogue) -> tuple[str, ...]:
    """The terms of an option that may be repeated and may have several, with commas between.

    Raises WrongUsageError for one that nobody knows.
    """
    found = tuple(text for part in texts for text in part.replace(",", " ").split())
    for text in found:
        if term(catalogue, text) is None:
            close = suggestion(catalogue, text)
            hint = f"did you mean '{close}'?" if close else "list the rules with `stackferry lint --rules`"
            raise WrongUsageError(f"{option}: {text!r} is not a rule, a prefix of rules or a set of rules", hint)
    return found
