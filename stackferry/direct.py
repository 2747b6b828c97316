"""A run without typer: the command that a line names, with the values that it gives (`options/command_line.py`)."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from stackferry.options.command_line import values_of
from stackferry.options.declaration import Context
from stackferry.options.option_table import Verb
from stackferry.options.root_options import root_options
from stackferry.session import Session
from stackferry.verb_table import ALIASES, COMMAND_LINES, PAYLOADS, named


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
    # Verbs that are tables raise usage errors of typer's own, which it tells with the usage.
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
