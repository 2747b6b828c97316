"""A configuration of the linter, wherever it was read from.

`toml_config.py` and `hadolint_config.py` read one from text, `find_config.py` looks for the text, `selection.py` turns
it into the rules that run.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from stackferry.grammar.lint.finding import SEVERITIES
from stackferry.grammar.lint.settings import DEFAULTS, Settings
from stackferry.grammar.source import Span

NEVER = "never"
FAIL_ON = (*SEVERITIES, NEVER)
"""From which severity up findings make the exit code 1; `never` is hadolint's `no-fail`."""


class Notice(NamedTuple):
    """Something about a configuration that somebody should read, though it does not keep it from being used."""

    code: str
    message: str
    span: Span | None = None
    hint: str = ""

    def __str__(self) -> str:
        where = f"{self.span}: " if self.span else ""
        text = f"{where}warning[{self.code}]: {self.message}"
        return f"{text}\n  hint: {self.hint}" if self.hint else text


class Choice(NamedTuple):
    """Terms (see `terms.py`) that add rules, and terms that take some away."""

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()


class Config(NamedTuple):
    """What is asked of the linter for the files below `folder`.

    `rules` is the release whose set is kept, empty for that of the current major version. `per_file_ignores` are
    pairs of a glob, relative to `folder`, and terms. `severities` maps ids to severities that overrule the rules' own.
    `heed_pragmas` is False where comments silence nothing. `format` and `color` are what hadolint's file says of its
    output, empty and True if it says nothing. `path` is the file as it is shown to people, empty for no file.
    `command_line` has what was asked for there, which overrules everything else.
    """

    set: str = "recommended"
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    fail_on: str = "warning"
    rules: str = ""
    per_file_ignores: tuple[tuple[str, tuple[str, ...]], ...] = ()
    severities: Mapping[str, str] = MappingProxyType({})
    settings: Settings = DEFAULTS
    heed_pragmas: bool = True
    format: str = ""
    color: bool = True
    path: str = ""
    folder: str = ""
    notes: tuple[Notice, ...] = ()
    command_line: Choice = Choice()


def with_options(
    config: Config,
    *,
    set: str = "",  # noqa: A002 - the name of the option, and of the key
    select: tuple[str, ...] = (),
    ignore: tuple[str, ...] = (),
    fail_on: str = "",
) -> Config:
    """A configuration with the options of a command line over it: an option that is empty changes nothing.

    The terms must be known; `terms.term` says so.
    """
    return config._replace(
        set=set or config.set,
        fail_on=fail_on or config.fail_on,
        command_line=Choice(config.command_line.select + select, config.command_line.ignore + ignore),
    )
