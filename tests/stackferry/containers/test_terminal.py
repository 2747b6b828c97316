"""A terminal connected to a process: the detach keys, and the terminal's state at the end."""

import os
import signal
import subprocess
import sys
import termios
from collections.abc import Callable, Iterator

import pytest

from stackferry.containers.terminal import Detached, converse


class Talk:
    """A session that ends when it is let go of."""

    def __init__(self) -> None:
        self.reader, self.writer = os.pipe()
        self.written = b""

    def read(self) -> None:
        os.read(self.reader, 1)

    def write(self, data: bytes) -> None:
        self.written += data

    def end_input(self) -> None:
        os.write(self.writer, b"e")

    def resize(self, rows: int, columns: int) -> None: ...

    def exit_code(self) -> int:
        return 0

    def close(self) -> None:
        os.write(self.writer, b"c")


@pytest.fixture(autouse=True)
def stdin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Any with a descriptor."""
    with open(os.devnull) as file:
        monkeypatch.setattr("sys.stdin", file)
        yield


def _reading(pieces: list[bytes], real: Callable[[int, int], bytes]) -> Callable[[int, int], bytes]:
    """Standard input gives these; all else is as it is."""

    def read(descriptor: int, size: int) -> bytes:
        if size == 1:
            return real(descriptor, size)
        return pieces.pop(0) if pieces else b""

    return read


@pytest.mark.parametrize("pieces", [[b"ab\x18xc"], [b"ab\x18", b"x"]])
@pytest.mark.parametrize("given", [b"\x18x", b"x"])
def test_leave(monkeypatch: pytest.MonkeyPatch, pieces: list[bytes], given: bytes) -> None:
    monkeypatch.setattr("stackferry.containers.terminal.os.read", _reading([*pieces], os.read))

    with pytest.raises(Detached):
        converse(Talk(), tty=False, detach=given)


def test_nobody_leaves_without_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stackferry.containers.terminal.os.read", _reading([b"\x10\x11"], os.read))
    talk = Talk()

    assert converse(talk, tty=False) == 0
    assert talk.written == b"\x10\x11"


CHILD = """
import os, sys
from stackferry.containers.terminal import Detached, converse
from stackferry.emulator.engine.protocol import EngineError

class Talk:
    def __init__(self):
        self.said, self.open = [("stdout", b"ready")], os.pipe()
    def read(self):
        if self.said:
            return self.said.pop()
        got = os.read(self.open[0], 100)
        if got == b"gone":
            raise EngineError("lost the connection")
        return None
    def write(self, data):
        if b"\\x03" in data:
            os.write(self.open[1], b"gone")
        elif b"\\x04" in data:
            os.write(self.open[1], b"end")
    def end_input(self): pass
    def resize(self, rows, columns): pass
    def exit_code(self): return 7
    def close(self): os.write(self.open[1], b"closed")

try:
    sys.exit(converse(Talk(), tty=True, detach=b"\\x10\\x11"))
except Detached:
    sys.exit(40)
except EngineError:
    sys.exit(41)
"""


@pytest.mark.parametrize(
    ("typed", "code"),
    [(b"ab\x10\x11", 40), (b"ab\x10c\x10\x11", 40), (b"\x03", 41), (b"\x04", 7), (signal.SIGTERM, -signal.SIGTERM)],
)
def test_the_terminal_is_as_it_was(typed: bytes | signal.Signals, code: int) -> None:
    """The user leaves, the engine is lost, the process ends, or we are killed."""
    master, slave = os.openpty()
    before = termios.tcgetattr(slave)
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD], stdin=slave, stdout=slave, stderr=subprocess.PIPE, start_new_session=True
    )
    said = b""
    while not said.endswith(b"ready"):
        said += os.read(master, 100)
    assert not termios.tcgetattr(slave)[3] & termios.ICANON
    if isinstance(typed, bytes):
        os.write(master, typed)
    else:
        child.send_signal(typed)
    _, complaints = child.communicate(timeout=60)

    assert (child.returncode, complaints) == (code, b"")
    assert termios.tcgetattr(slave) == before
    os.close(master)
    os.close(slave)
