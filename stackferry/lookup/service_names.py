"""Decides whether a word is a service of the stack; if not, the command line is docker's (`handed_on.py`).

Reads the files only for their names: asks no engine and reports no errors.
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
    """Whether a word is a service of the stack, and if not, a "did you mean" question."""

    service: bool
    like: str = ""


def meant_by(session: Session, word: str, files: Sequence[str] = ()) -> Meant:
    """Look up a word in the stack of the folder, or of `files`. Services of all profiles count, and jobs.

    If the stack cannot be loaded, the word counts as a service if a file has it as a key: the command then reports
    the errors.
    """
    found, reading = discovered(session, StackChoice(files=tuple(files)))
    if not found.files:
        return Meant(service=False)
    if reading.report.failed or "-" in found.files:
        # COMPOSE_FILE names a missing file, or standard input, which can be read only once.
        return Meant(service=True)
    from stackferry.grammar.compose.load import Request

    try:
        names = written(of_names(session, Request(files=tuple(files))))
    except (SourceError, OSError):
        return Meant(service=_mentioned(session, found.files, word))
    return Meant(service=True) if word in names else Meant(service=False, like=did_you_mean(word, names))


def of_names(session: Session, request: "Request") -> "Loaded":
    """Load a stack for its names alone, with all profiles. Raises SourceError, OSError."""
    from dataclasses import replace

    from stackferry.grammar.compose.load import load

    asked = replace(request, profiles=("*",), check_consistency=False, resolve_environment=False)
    return load(asked, files=session.files, environment=session.environment)


def written(loaded: "Loaded") -> set[str]:
    """The names of a stack's services and jobs."""
    from stackferry.grammar.compose.tree.containers import WORKLOADS

    return {name for kind in WORKLOADS if (section := loaded.tree.get(kind)) for name in section.value}


def _mentioned(session: Session, files: Sequence[str], word: str) -> bool:
    try:
        return mentions(session.files, files, word)
    except OSError:
        return False
