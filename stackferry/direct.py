"""A run without typer: the command that a line names, with the values that it gives (`options/command_line.py`)."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

from stackferry.options.command_line import values_of
from stackferry.options.declaration import Context
from stackferry.options.option_table import Verb
from stackferry.options.root_options import root_options
from stackferry.session import Session
from stackferry.verb_table import ALIASES, COMMAND_LINES, PAYLOADS, Named, named


class Direct(NamedTuple):
    """What is to be run, and the words that name it."""

    words: tuple[str, ...]
    run: Callable[[], int | None]


def direct(session: Session, arguments: Sequence[str]) -> Direct | None:
    """What a line says; None where typer is to read it: something is wrong with it, or it asks for help."""
    of_root = values_of(root_options, arguments, interspersed=False, of_root=True)
    if of_root is None or of_root[0]["_version"]:
        return None
    values, line = of_root
    # Docker's `config ls` may be meant, or a service of that name.
    if line[:1] == ["config"] and any(ALIASES.get(word, word) in PAYLOADS for word in line[1:2]):
        return None
    found = named(line)
    own = found and _own(found)
    if found is None or own is None:
        return None

    def run() -> int | None:
        root_options(Context(session), **values)
        return own(session)

    return Direct(found.words, run)


def _own(found: Named) -> Callable[[Session], int | None] | None:
    command, rest = found.command, found.rest
    if isinstance(command, Verb):
        return None
    read = values_of(command, rest, interspersed=found.words[-1] not in COMMAND_LINES)
    if read is None or read[1]:
        return None
    return partial(_called, command, read[0])


def _called(command: Callable[..., int | None], values: dict[str, object], session: Session) -> int | None:
    return command(Context(session), **values)
