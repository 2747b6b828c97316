"""Whether a word is a service of the stack, for command lines that are docker's if it is not (`handed_on.py`).

The files are read for the names alone: no engine is asked, and of what is wrong with them nothing is told here.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from stackferry.grammar.diagnostics import SourceError
from stackferry.grammar.suggest import did_you_mean
from stackferry.lookup.compose_files import discovered, mentions
from stackferry.session import Session, StackChoice

if TYPE_CHECKING:
    from stackferry.grammar.compose.load import Loaded, Request


class Meant(NamedTuple):
    """What the stack says of a word: whether it is a service's, and if not, a question whether another was meant."""

    service: bool
    like: str = ""


def meant_by(session: Session, word: str, files: Sequence[str] = ()) -> Meant:
    """What the stack of the folder, or of `files`, says of a word. Services of all profiles count, and jobs.

    A stack that cannot be read counts as having the service if a file of it has the word as a key: then the command
    tells what is wrong.
    """
    found, reading = discovered(session, StackChoice(files=tuple(files)))
    if not found.files:
        return Meant(service=False)
    if reading.report.failed or "-" in found.files:
        # COMPOSE_FILE names what is not there, or standard input, which can be read only once.
        return Meant(service=True)
    from stackferry.grammar.compose.load import Request

    try:
        names = written(of_names(session, Request(files=tuple(files))))
    except (SourceError, OSError):
        return Meant(service=_mentioned(session, found.files, word))
    return Meant(service=True) if word in names else Meant(service=False, like=did_you_mean(word, names))


def of_names(session: Session, request: "Request") -> "Loaded":
    """What is asked for, loaded for its names alone, with those of all profiles. Raises SourceError, OSError."""
    from dataclasses import replace

    from stackferry.grammar.compose.load import load

    asked = replace(request, profiles=("*",), check_consistency=False, resolve_environment=False)
    return load(asked, files=session.files, environment=session.environment)


def written(loaded: "Loaded") -> set[str]:
    """The names of its services and jobs."""
    from stackferry.grammar.compose.tree.containers import WORKLOADS

    return {name for kind in WORKLOADS if (section := loaded.tree.get(kind)) for name in section.value}


def _mentioned(session: Session, files: Sequence[str], word: str) -> bool:
    try:
        return mentions(session.files, files, word)
    except OSError:
        return False
