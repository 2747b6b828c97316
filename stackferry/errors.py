"""The only error handler: turns whatever a command raises into a message and an exit code.

0 done; 1 an expected failure, or findings; 2 wrong usage; 3 a bug of ours; 4 changes, where they are asked for (`plan
--exit-code`); 130 interrupted.
"""

import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from stackferry import __version__
from stackferry.grammar.diagnostics import StackferryError
from stackferry.options.declaration import WrongValueError
from stackferry.session import Session

if TYPE_CHECKING:
    from pathlib import Path

OK = 0
FAILED = 1
WRONG_USAGE = 2
BUG = 3
CHANGES = 4
INTERRUPTED = 130


class WrongUsageError(StackferryError):
    """The request is invalid, whatever the files say."""


def no_folder() -> int:
    """Report that the working directory is gone, without a session, and return the exit code."""
    print("error: the working directory no longer exists\n  hint: change to one that exists", file=sys.stderr)
    return FAILED


def exit_code(session: Session, run: Callable[[], int | None]) -> int:
    """Run a command to its end, report any error to the user, and return the exit code."""
    try:
        code = _outcome(session, run)
        session.close()
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader went away (`| head`), so nobody sees a message. Python would complain again when it closes
        # the stream, so the rest of the buffer goes to /dev/null.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except OSError as error:
        print(unwritable(error), file=sys.stderr)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    return code


def unwritable(error: OSError) -> str:
    """The message for output that cannot be written, for example because the disk is full."""
    return f"error: cannot write the output: {error.strerror}"


def _outcome(session: Session, run: Callable[[], int | None]) -> int:
    try:
        return run() or OK
    except BrokenPipeError:
        raise
    except StackferryError as error:
        session.fail(error, str(error), error.hint)
        return WRONG_USAGE if isinstance(error, WrongUsageError | WrongValueError) else FAILED
    except KeyboardInterrupt:
        return INTERRUPTED
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        session.fail(error, f"{where}{error.strerror or error}")
        return FAILED
    except Exception as error:  # noqa: BLE001 (the last resort: no traceback ever reaches a user)
        code = _of_typer(error)
        if code is None:
            session.fail(error, *_bug(session, error))
            code = BUG
        return code


def _of_typer(error: Exception) -> int | None:
    """Let typer print an error of its own and return the exit code; None for any other error."""
    # Imported here: a run without an error may never have needed typer.
    import typer

    from stackferry.options.carried_click import ClickException

    if isinstance(error, typer.Abort):
        return INTERRUPTED
    if isinstance(error, ClickException):
        error.show()
        return error.exit_code
    return None


def _bug(session: Session, error: Exception) -> tuple[str, str]:
    """Write the log for a bug report; returns the message and the hint that name it."""
    import platform
    import traceback
    from datetime import UTC, datetime

    summary = traceback.format_exception_only(error)[-1].strip().splitlines()[0]
    log = (
        f"stackferry {__version__}, Python {platform.python_version()}, {platform.platform()}\n"
        f"arguments: {sys.argv[1:]}\n\n{''.join(traceback.format_exception(error))}"
    )
    folder = state_folder(session)
    path = folder / f"bug-{datetime.now(UTC):%Y%m%dT%H%M%S}-{os.getpid()}.log"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_text(log, encoding="utf-8", errors="backslashreplace")
    except OSError:
        return f"this is a bug in stackferry: {summary}", f"please report it with this:\n{log}"
    return f"this is a bug in stackferry: {summary}", f"please report it with {path}"


def state_folder(session: Session) -> "Path":
    """The folder where programs of this user keep state between runs, by the XDG convention."""
    from pathlib import Path

    home = session.environment.get("HOME") or str(Path.home())
    base = session.environment.get("XDG_STATE_HOME") or os.path.join(home, ".local", "state")
    return Path(base) / "stackferry"
