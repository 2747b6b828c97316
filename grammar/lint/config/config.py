"""A configuration of the linter, whatever its source.

`toml_config.py` and `hadolint_config.py` read it from text, `find_config.py` finds the text, `selection.py` turns
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
"""The least severity for exit code 1; `never` is hadolint's `no-fail`."""


class Notice(NamedTuple):
    """Something about a configuration that the user should know, though the configuration is usable."""

    code: str
    message: str
    span: Span | None = None
    hint: str = ""

    def __str__(self) -> str:
        where = f"{self.span}: " if self.span else ""
        text = f"{where}warning[{self.code}]: {self.message}"
        return f"{text}\n  hint: {self.hint}" if self.hint else text


class Choice(NamedTuple):
    """Terms (see `terms.py`) that select rules, and terms that ignore rules."""

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()


class Config(NamedTuple):
    """The configuration for the files below `folder`.

    `rules` is the release whose set is kept, empty for that of the current major version. `per_file_ignores` are
    pairs of a glob, relative to `folder`, and terms. `severities` maps ids to severities that override the rules' own.
    `heed_pragmas` is False if comments suppress nothing. `format` and `color` are the output settings of hadolint's
    file, empty and True by default. `path` is the file's path for display, empty for no file.
    `command_line` has the terms of the command line, which override all others.
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
    """A configuration with the options of a command line applied: an empty option changes nothing.

    The terms must be known; check them with `terms.term`.
    """
    return config._replace(
        set=set or config.set,
        fail_on=fail_on or config.fail_on,
        command_line=Choice(config.command_line.select + select, config.command_line.ignore + ignore),
    )
