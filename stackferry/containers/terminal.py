"""A person at a process inside a container: keys go there, what it says comes here, until one of the two ends."""

import contextlib
import os
import shutil
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from stackferry.containers.detach_filter import DetachFilter
from stackferry.display.output import pass_on

if TYPE_CHECKING:
    from stackferry.emulator.engine.protocol import ExecSession as Connection


class Detached(Exception):  # noqa: N818 - what a user asked for, not an error
    """The user has left; the process goes on."""


def is_terminal() -> bool:
    """Whether a person is at both ends of this command."""
    return bool(sys.stdin and sys.stdin.isatty() and sys.stdout.isatty())


def converse(connection: "Connection", *, tty: bool, stdin: bool = True, detach: bytes = b"") -> int:
    """Pass everything on until the process ends; gives its exit code. Raises Detached if the user left.

    `detach`: the keys for that; without them nobody can. The terminal is the user's own again when this ends, however
    it does: also where the engine breaks off the connection, which raises EngineError.
    """
    left = threading.Event()

    def leave() -> None:
        left.set()
        connection.close()

    with _raw() if tty and stdin else contextlib.nullcontext(), _fitted(connection, tty=tty):
        if stdin and sys.stdin is not None:
            feed = threading.Thread(target=_feed, args=(connection, leave, DetachFilter(detach)), daemon=True)
            feed.start()
        _show(connection)
    if left.is_set():
        raise Detached
    # No sooner: the output may end long before the process, and until then Ctrl-C has to be ours.
    return connection.exit_code()


def _show(connection: "Connection") -> None:
    while True:
        said = connection.read()
        if said is None:
            return
        pass_on(*said)


def _feed(connection: "Connection", leave: Callable[[], None], keys: DetachFilter) -> None:
    while True:
        try:
            data = os.read(sys.stdin.fileno(), 65_536)
        except (OSError, ValueError):
            data = b""
        if not data:
            if keys.kept:
                connection.write(keys.kept)
            connection.end_input()
            return
        typed, found = keys.take(data)
        if typed:
            connection.write(typed)
        if found:
            leave()
            return


@contextlib.contextmanager
def _fitted(connection: "Connection", *, tty: bool) -> Iterator[None]:
    """Its terminal has the size of ours, also when that changes."""
    if not tty:
        yield
        return
    _fit(connection)
    before = signal.signal(signal.SIGWINCH, lambda *_: _fit(connection))
    try:
        yield
    finally:
        signal.signal(signal.SIGWINCH, before)


def _fit(connection: "Connection") -> None:
    size = shutil.get_terminal_size()
    # A process that has just ended has no terminal any more.
    with contextlib.suppress(Exception):
        connection.resize(size.lines, size.columns)


@contextlib.contextmanager
def _raw() -> Iterator[None]:
    """Every key goes through, Ctrl-C too. What is killed meanwhile leaves the terminal as it was, too."""
    import termios
    import tty

    descriptor = sys.stdin.fileno()
    if not os.isatty(descriptor):
        yield
        return
    before = termios.tcgetattr(descriptor)

    def die(number: int, _frame: object) -> None:
        termios.tcsetattr(descriptor, termios.TCSADRAIN, before)
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)

    previous = {number: signal.signal(number, die) for number in (signal.SIGTERM, signal.SIGHUP)}
    # What was typed ahead stays.
    tty.setraw(descriptor, termios.TCSADRAIN)
    try:
        yield
    finally:
        termios.tcsetattr(descriptor, termios.TCSADRAIN, before)
        for number, handler in previous.items():
            signal.signal(number, handler)
