"""The keys that leave a process running."""

import os
from collections.abc import Callable, Iterator

import pytest

from stackferry.containers.terminal import Detached, converse, keys


@pytest.mark.parametrize(
    ("text", "found"),
    [("ctrl-p,ctrl-q", b"\x10\x11"), ("ctrl-x,x", b"\x18x"), ("a", b"a"), ("ctrl-@,ctrl-_", b"\x00\x1f")],
)
def test_keys(text: str, found: bytes) -> None:
    assert keys(text) == found


@pytest.mark.parametrize("text", ["", "ctrl-", "ctrl-1", "alt-x", "ab", "é", "a,,b"])
def test_no_keys(text: str) -> None:
    with pytest.raises(ValueError, match="is no key"):
        keys(text)


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
