"""Runs a command without typer: finds it and reads its options from the line (`options/command_line.py`)."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from stackferry.options.command_line import values_of
from stackferry.options.declaration import Context
from stackferry.options.option_table import Verb
from stackferry.options.root_options import root_options
from stackferry.session import Session
from stackferry.verb_table import ALIASES, COMMAND_LINES, PAYLOADS, named


class Direct(NamedTuple):
    """A command ready to run, and the words that name it."""

    words: tuple[str, ...]
    run: Callable[[], int | None]


def direct(session: Session, arguments: Sequence[str]) -> Direct | None:
    """The command of a line; None if typer has to read the line, because it has an error or asks for help."""
    of_root = values_of(root_options, arguments, interspersed=False, of_root=True)
    if of_root is None or of_root[0]["_version"]:
        return None
    values, line = of_root
    # This may be docker's `config ls`, or `config` for a service called `ls`.
    if line[:1] == ["config"] and any(ALIASES.get(word, word) in PAYLOADS for word in line[1:2]):
        return None
    found = named(line)
    # Verbs that are tables raise typer's usage errors, which typer prints with the usage.
    if found is None or isinstance(found.command, Verb):
        return None
    own = values_of(found.command, found.rest, interspersed=found.words[-1] not in COMMAND_LINES)
    if own is None or own[1]:
        return None

    def run() -> int | None:
        context = Context(session)
        root_options(context, **values)
        code: int | None = found.command(context, **own[0])
        return code

    return Direct(found.words, run)
