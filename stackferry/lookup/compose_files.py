"""Finds the compose files of a command line without loading them, for callers that need only a name.

`stacks.py` reads the stack's name from them, `service_names.py` asks whether they have a service.
"""

import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, NamedTuple

from stackferry.grammar.diagnostics import Diagnostics
from stackferry.grammar.files import Files

if TYPE_CHECKING:
    from stackferry.grammar.compose.discover import Discovered
    from stackferry.session import Session, StackChoice


class Reading(NamedTuple):
    """The inputs of the search for compose files, and its report."""

    files: Files
    report: Diagnostics
    show: Callable[[str], str]
    warned: set[str]


def discovered(session: "Session", choice: "StackChoice") -> "tuple[Discovered, Reading]":
    """The files that the options choose, whether they exist or not; problems are in the report."""
    from stackferry.grammar.compose.discover import Asked, discover

    reading = Reading(session.files, Diagnostics(), str, set())
    asked = Asked(choice.files, choice.env_files, choice.project_directory, choice.profiles)
    return discover(asked, session.environment, reading), reading


def mentions(files: Files, paths: Iterable[str], word: str) -> bool:
    """Whether one of the files contains `word:`, without parsing YAML; standard input is not read.

    Raises OSError for a file that cannot be read.
    """
    key = re.compile(rb"""(?:^|[\s{,"'])%s["']?\s*:""" % re.escape(word.encode()), re.MULTILINE)
    return any(key.search(files.read(path) or b"") for path in paths if path != "-")
