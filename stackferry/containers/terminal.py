"""Connects the user's terminal to a process in a container: sends input and prints output until it ends."""

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
    """The user has detached; the process keeps running."""


def is_terminal() -> bool:
    """Whether standard input and standard output are terminals."""
    return bool(sys.stdin and sys.stdin.isatty() and sys.stdout.isatty())


def converse(connection: "Connection", *, tty: bool, stdin: bool = True, detach: bytes = b"") -> int:
    """Forward input and output until the process ends; returns its exit code. Raises Detached if the user detached.

    `detach`: the detach keys; without them the user cannot detach. The terminal's mode is restored in any case, also
    if the engine drops the connection, which raises EngineError.
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
    # Ask only now: the output may end long before the process, and until then Ctrl-C must reach us.
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
    """Keep the size of the container's terminal equal to ours, also when ours changes."""
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
    # The terminal of a process that has just ended is gone.
    with contextlib.suppress(Exception):
        connection.resize(size.lines, size.columns)


@contextlib.contextmanager
def _raw() -> Iterator[None]:
    """Put our terminal into raw mode, so that every key is sent, also Ctrl-C. A killed command restores it, too."""
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
    # TCSADRAIN keeps input that was typed ahead.
    tty.setraw(descriptor, termios.TCSADRAIN)
    try:
        yield
    finally:
        termios.tcsetattr(descriptor, termios.TCSADRAIN, before)
        for number, handler in previous.items():
            signal.signal(number, handler)
