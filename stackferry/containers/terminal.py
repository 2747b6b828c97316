"""A person at a process inside a container: keys go there, what it says comes here, until one of the two ends."""

import contextlib
import os
import shutil
import signal
import sys
import threading
from collections.abc import Callable, Iterator

from stackferry.emulator.engine.protocol import ExecSession as Connection


class Detached(Exception):  # noqa: N818 - what a user asked for, not an error
    """The user has left; the process goes on."""


def keys(text: str) -> bytes:
    """Keys as docker writes them, `ctrl-p,ctrl-q` or `ctrl-x,x`. Raises ValueError for what is none."""
    return b"".join(_key(one) for one in text.split(","))


def _key(text: str) -> bytes:
    if len(text) == 1 and text.isascii():
        return text.encode()
    letter = text.removeprefix("ctrl-").upper()
    if text.startswith("ctrl-") and len(letter) == 1 and "@" <= letter <= "_":
        return bytes([ord(letter) - ord("@")])
    raise ValueError(f"{text!r} is no key: a letter, or ctrl- and one of a-z @ [ \\ ] ^ _")


def is_terminal() -> bool:
    """Whether a person is at both ends of this command."""
    return bool(sys.stdin and sys.stdin.isatty() and sys.stdout.isatty())


def converse(connection: Connection, *, tty: bool, stdin: bool = True, detach: bytes = b"") -> int:
    """Pass everything on until the process ends; gives its exit code. Raises Detached if the user left.

    `detach`: the keys for that; without them nobody can.
    """
    left = threading.Event()
    with _raw() if tty and stdin else contextlib.nullcontext():
        if tty:
            _fit(connection)
            signal.signal(signal.SIGWINCH, lambda *_: _fit(connection))

        def leave() -> None:
            left.set()
            connection.close()

        if stdin and sys.stdin is not None:
            feed = threading.Thread(target=_feed, args=(connection, leave, detach), daemon=True)
            feed.start()
        _print(connection)
        if left.is_set():
            raise Detached
        return connection.exit_code()


def _print(connection: Connection) -> None:
    while True:
        said = connection.read()
        if said is None:
            return
        out = sys.stderr.buffer if said[0] == "stderr" else sys.stdout.buffer
        out.write(said[1])
        out.flush()


def _feed(connection: Connection, leave: Callable[[], None], keys: bytes) -> None:
    before, kept = b"", len(keys) - 1
    while True:
        try:
            data = os.read(sys.stdin.fileno(), 65_536)
        except (OSError, ValueError):
            data = b""
        if not data:
            connection.end_input()
            return
        if keys and keys in before + data:
            leave()
            return
        before = (before + data)[-kept:] if kept > 0 else b""
        connection.write(data)


def _fit(connection: Connection) -> None:
    size = shutil.get_terminal_size()
    # A process that has just ended has no terminal any more.
    with contextlib.suppress(Exception):
        connection.resize(size.lines, size.columns)


@contextlib.contextmanager
def _raw() -> Iterator[None]:
    """Every key goes through, Ctrl-C too."""
    import termios
    import tty

    descriptor = sys.stdin.fileno()
    if not os.isatty(descriptor):
        yield
        return
    before = termios.tcgetattr(descriptor)
    tty.setraw(descriptor)
    try:
        yield
    finally:
        termios.tcsetattr(descriptor, termios.TCSADRAIN, before)
