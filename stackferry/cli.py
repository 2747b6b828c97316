"""The `stackferry` command: runs a command line and returns the exit code of the process.

    a verb of `DIRECT`       -> its table of options (`options/option_table.py`)        -> the verb
    a line that is docker's  -> `handed_on.py`, which says so                           -> the docker program
    a line without errors    -> the declaration of its verb (`options/command_line.py`) -> the verb
    any other, and help      -> `root.py`, which is typer with all verbs                -> its help or its error

Each verb is a module of `commands/`, declared there and listed in `verb_table.py`. Whatever a verb needs beyond its
options is imported inside its function, so that the fast verbs never load the slow ones' libraries.
"""

import gc
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING

from stackferry import streams
from stackferry.errors import exit_code, no_folder
from stackferry.session import Session

if TYPE_CHECKING:
    from stackferry.direct import Direct
    from stackferry.lookup.service_names import Meant

DIRECT = frozenset({"lint"})
"""Verbs that hooks and editors start all the time. They use typer's option parser and nothing else of typer, which
would double their running time."""


def main(arguments: Sequence[str] | None = None, *, standby: bool = False) -> int:
    """Run one command line (default: the arguments of the process) and return its exit code.

    `standby`: this is the standby process. Raises LeftToCallerError if the calling process must run the command.
    """
    # A process that lives for a fraction of a second makes no garbage worth collecting, and scanning the trees of a
    # large stack again and again costs a quarter of the time. A long-running verb turns collection on again.
    gc.disable()
    streams.complete()
    try:
        session = Session(environment=dict(os.environ), standby=standby)
    except FileNotFoundError:
        return no_folder()
    given = list(sys.argv[1:] if arguments is None else arguments)
    with session.at_end:
        return exit_code(session, lambda: _run(session, given))


def _run(session: Session, arguments: list[str]) -> int | None:
    if session.standby:
        return _run_at_once(session, arguments)
    if arguments[:1] == ["help"]:
        arguments = [*arguments[1:], "--help"]
    if arguments and arguments[0] in DIRECT:
        from stackferry.options.option_table import Verb, parsed

        verb: Verb = import_module(f"stackferry.commands.{arguments[0]}").VERB
        values = parsed(verb, arguments[1:])
        if values is not None:
            return verb.run(session, **values)
    _hand_on(session, arguments)
    from stackferry.direct import direct

    found = direct(session, arguments)
    if found is None:
        from stackferry.root import run

        return run(session, arguments)
    return _run_direct(found)


def _run_at_once(session: Session, arguments: list[str]) -> int | None:
    """In the standby process: run a command that it answers; leave any other to the calling process."""
    from stackferry.direct import direct
    from stackferry.standby.message import AT_ONCE

    found = direct(session, arguments)
    if found is None or found.words not in AT_ONCE:
        session.in_own_process()
    assert found is not None
    return _run_direct(found)


def _run_direct(found: "Direct") -> int | None:
    from stackferry.options.declaration import WrongValueError

    try:
        return found.run()
    except WrongValueError as error:
        from stackferry.root import wrong_value

        raise wrong_value(found.words, error) from error


def _hand_on(session: Session, arguments: list[str]) -> None:
    """Become docker, if the line is docker's."""
    from stackferry.handed_on import handed_on

    def ask(word: str, files: Sequence[str]) -> "Meant":
        from stackferry.lookup.service_names import meant_by

        return meant_by(session, word, files)

    def ours(command: str, option: str) -> bool:
        from stackferry.options.command_line import has_option
        from stackferry.verb_table import VERBS, loaded

        return has_option(loaded(str(VERBS[command])), option)

    line = handed_on(arguments, ask, ours)
    if line is None:
        return
    from stackferry.docker_program import become_docker

    if line.remark:
        session.note(line.remark)
    about = f"{line.word} is not a service of the stack" if line.word else f"`{line.command}` is docker's"
    become_docker(arguments, session.environment, about)
