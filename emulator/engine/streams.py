"""Responses of the engine that come piece by piece: lines of JSON, framed output, live sessions.

`transport.py` opens the connections; this module splits the bytes into items. The SDK's streams won't do: they lose
what arrives together with the headers, and hide which stream output belongs to.
"""

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.client import HTTPException
from typing import Any, Generic, TypeVar

from stackferry.emulator.engine.protocol import EngineError
from stackferry.emulator.engine.transport import Arriving

Item = TypeVar("Item")

_NAMES = {0: "stdout", 1: "stdout", 2: "stderr"}
_CHUNK = 65536


class Connection:
    """A response that is still arriving. `close` is safe while another thread reads: that read then ends."""

    def __init__(self, arriving: Arriving) -> None:
        self._body = arriving.response
        self.socket = arriving.socket
        self._lock = threading.Lock()
        self.closed = False

    def close(self) -> None:
        """Close it."""
        with self._lock:
            if self.closed:
                return
            self.closed = True
        with suppress(OSError):  # the engine closed it first
            self.socket.shutdown(socket.SHUT_RDWR)
        self._body.close()
        self.socket.close()

    def line(self) -> bytes:
        """The next line; empty at the end."""
        return self._read(self._body.readline)

    def some(self) -> bytes:
        """The bytes available, at least one; empty at the end."""
        return self._read(lambda: self._body.read1(_CHUNK))

    def read(self, size: int, /) -> bytes:
        """That many bytes; fewer at the end."""
        return self._read(lambda: self._body.read(size))

    def _read(self, get: Callable[[], bytes]) -> bytes:
        try:
            return get()
        except (OSError, HTTPException, ValueError, AttributeError) as error:
            if self.closed:
                return b""
            raise EngineError(f"lost the connection to the engine: {error}") from error

    def frame(self, tty: bool) -> tuple[str, bytes] | None:
        """The next piece of output with its stream; without a terminal, it has a header of 8 bytes."""
        if tty:
            data = self.some()
            return ("stdout", data) if data else None
        header = self.read(8)
        if len(header) < 8:
            return None
        return _NAMES.get(header[0], "stdout"), self.read(int.from_bytes(header[4:], "big"))


class LineStream:
    """The output of a container line by line, as (stdout or stderr, line)."""

    def __init__(self, connection: Connection, tty: bool) -> None:
        self._connection = connection
        self._lines = self._split(tty)

    def __iter__(self) -> Iterator[tuple[str, bytes]]:
        return self

    def __next__(self) -> tuple[str, bytes]:
        return next(self._lines)

    def close(self) -> None:
        """Close it."""
        self._connection.close()

    def _split(self, tty: bool) -> Iterator[tuple[str, bytes]]:
        rest = {"stdout": b"", "stderr": b""}
        while (piece := self._connection.frame(tty)) is not None:
            name, data = piece
            *lines, rest[name] = (rest[name] + data).split(b"\n")
            for line in lines:
                yield name, line.removesuffix(b"\r") if tty else line
        for name, data in rest.items():
            if data:
                yield name, data
        self._connection.close()


class JsonStream(Generic[Item]):
    """One item per line of JSON, without end: the end of the stream is an error, unless it was closed."""

    def __init__(self, connection: Connection, read: Callable[[Any], Item]) -> None:
        self._connection = connection
        self._read = read

    def __iter__(self) -> Iterator[Item]:
        return self

    def __next__(self) -> Item:
        line = self._connection.line()
        if line:
            return self._read(json.loads(line))
        if self._connection.closed:
            raise StopIteration
        self._connection.close()
        raise EngineError("the engine closed the event stream", "the engine was stopped or restarted: check its log")

    def close(self) -> None:
        """Close it."""
        self._connection.close()


class LiveSession:
    """A live connection to a process. `code` gets its exit code from the engine, `size` sets its terminal's size.

    `waiting`: a connection that `code` needs, if any; it is closed along with the session.
    """

    def __init__(
        self,
        connection: Connection,
        tty: bool,
        code: Callable[[], int],
        size: Callable[[int, int], None],
        waiting: Connection | None = None,
    ) -> None:
        self._connection = connection
        self._tty = tty
        self._code = code
        self._size = size
        self._waiting = waiting

    def read(self) -> tuple[str, bytes] | None:
        """Its next output; None at the end."""
        return self._connection.frame(self._tty)

    def write(self, data: bytes) -> None:
        """Send to its standard input; no error if the process has ended."""
        with suppress(OSError):
            self._connection.socket.sendall(data)

    def end_input(self) -> None:
        """Close its standard input. A TLS connection cannot be half closed: nothing happens."""
        with suppress(OSError):  # the process has ended
            if not hasattr(self._connection.socket, "context"):
                self._connection.socket.shutdown(socket.SHUT_WR)

    def resize(self, rows: int, columns: int) -> None:
        """Tell its terminal the new size."""
        self._size(rows, columns)

    def exit_code(self) -> int:
        """The exit code, once it has ended."""
        return self._code()

    def close(self) -> None:
        """Disconnect."""
        self._connection.close()
        if self._waiting is not None:
            self._waiting.close()
