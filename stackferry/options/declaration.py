"""How commands declare their options and arguments: as parameters annotated with `Option` and `Argument`.

    def up(session, services: Annotated[list[str] | None, Argument(…)] = None, wait: Annotated[bool, Option(…)] = False)

Two modules read these: `command_line.py`, which needs nothing else, and `for_typer.py`, which turns them into typer's
declarations for help and errors. Importing typer takes longer than most commands take without it.
"""

from typing import Any, NamedTuple

from stackferry.grammar.diagnostics import StackferryError


class Context(NamedTuple):
    """The first argument of a command, with and without typer: `obj` is the session."""

    obj: Any


class OptionWords(NamedTuple):
    """An option: its names as typed, and its help. `--a/--no-a`: a switch with a name for off.

    `low` and `high` bound a number. `any_case`: choices ignore case.
    """

    words: tuple[str, ...]
    help: str = ""
    metavar: str | None = None
    hidden: bool = False
    low: float | None = None
    high: float | None = None
    any_case: bool = False


class ArgumentWords(NamedTuple):
    """A positional argument."""

    metavar: str | None = None
    help: str = ""


def Option(  # noqa: N802 - reads as what it stands for
    *words: str,
    help: str = "",  # noqa: A002 - as typer calls it
    metavar: str | None = None,
    hidden: bool = False,
    low: float | None = None,
    high: float | None = None,
    any_case: bool = False,
) -> Any:
    """An option of a command."""
    return OptionWords(words, help, metavar, hidden, low, high, any_case)


def Argument(*, metavar: str | None = None, help: str = "") -> Any:  # noqa: A002, N802 - as above
    """An argument of a command."""
    return ArgumentWords(metavar, help)


class WrongValueError(StackferryError):
    """A value that an option cannot have: wrong usage, shown with the command's usage. `option` is its name."""

    def __init__(self, message: str, option: str = "") -> None:
        super().__init__(message, "")
        self.option = option
