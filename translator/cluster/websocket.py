"""A WebSocket (RFC 6455) to an API server, to talk to a program in a pod, over a connection of the pool.

Implements only what API servers use: no extensions, and whole messages to send. Only one thread may use a socket.
"""

import base64
import hashlib
import json
import os
import select
import struct
import time
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from stackferry.translator.cluster.errors import ClusterError, refusal

_CONTINUED, _BINARY, _CLOSE, _PING, _PONG = 0, 2, 8, 9, 10
_ENDLESS = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
"""The server appends this to our key and hashes both, to show that it speaks the protocol."""
_TIMEOUT = 60.0
"""Seconds within which the server has to accept a part of what is sent."""
_LARGEST_HEADER, _LARGEST_BODY, _PIECE = 65_536, 1 << 20, 65_536

Noise = Callable[[int], bytes]
"""A function that gives random bytes, as many as asked for."""


class Socket(Protocol):
    """What is needed of a connected socket, with or without TLS."""

    def sendall(self, data: bytes, /) -> None: ...  # noqa: D102 - as Python's own

    def recv(self, size: int, /) -> bytes: ...  # noqa: D102

    def settimeout(self, seconds: float | None, /) -> None: ...  # noqa: D102

    def fileno(self) -> int: ...  # noqa: D102

    def close(self) -> None: ...  # noqa: D102


def connected(pool: Any, server: str) -> Socket:
    """A socket of its own to the server, with the proxies and certificates of urllib3's pool.

    Raises OSError, and urllib3's errors, if it cannot connect.
    """
    of_host = pool.connection_from_url(server)
    # urllib3 has no public call for a connection; these names are the same in all of its versions since the first.
    connection = of_host._new_conn()
    connection.timeout = _TIMEOUT
    if of_host.proxy is not None and server.startswith("https:"):
        of_host._prepare_proxy(connection)
    else:
        connection.connect()
    found: Socket = connection.sock
    return found


def opened(
    socket: Socket, host: str, target: str, headers: Mapping[str, str], protocol: str, what: str, noise: Noise
) -> "WebSocket":
    """The socket, once the server has agreed to speak `protocol` on it for `target`, a path and its query.

    Raises ClusterError if the server refuses; `what` names the request in the error.
    """
    key = base64.b64encode(noise(16)).decode("ascii")
    asked = {
        "Host": host,
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Key": key,
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Protocol": protocol,
        **headers,
    }
    lines = [f"GET {target} HTTP/1.1", *(f"{name}: {value}" for name, value in asked.items()), "", ""]
    socket.sendall("\r\n".join(lines).encode("latin-1"))
    status, answered, rest = _answer(socket)
    if status != 101:
        body = _body(socket, answered, rest)
        socket.close()
        raise refusal(what, status, body)
    proof = base64.b64encode(hashlib.sha1(f"{key}{_ENDLESS}".encode(), usedforsecurity=False).digest()).decode("ascii")
    if answered.get("sec-websocket-accept") != proof or answered.get("sec-websocket-protocol") != protocol:
        socket.close()
        raise ClusterError(
            f"{what}: the server does not support {protocol}",
            "check for a proxy in between that does not support WebSockets",
        )
    return WebSocket(socket, rest, noise)


def _answer(socket: Socket) -> tuple[int, Mapping[str, str], bytes]:
    """The status, the headers by lower-case name, and the bytes that arrived after them."""
    held = b""
    while b"\r\n\r\n" not in held and len(held) < _LARGEST_HEADER:
        piece = socket.recv(_PIECE)
        if not piece:
            break
        held += piece
    head, _, rest = held.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    words = first.split(maxsplit=2)
    if len(words) < 2 or not words[1].isdecimal():
        raise ClusterError("the server closed the connection without a response", "try again")
    headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    return int(words[1]), headers, rest


def _body(socket: Socket, headers: Mapping[str, str], rest: bytes) -> Mapping[str, Any]:
    """The body of an answer whose status is not 101."""
    wanted = min(int(headers.get("content-length", "0") or 0), _LARGEST_BODY)
    while len(rest) < wanted and (piece := socket.recv(_PIECE)):
        rest += piece
    try:
        found = json.loads(rest[:wanted] or b"{}")
    except ValueError:
        return {"message": rest[:wanted].decode("utf-8", "replace")[:500]}
    return found if isinstance(found, dict) else {}


class WebSocket:
    """An open WebSocket. Raises OSError if the connection breaks."""

    def __init__(self, socket: Socket, held: bytes, noise: Noise) -> None:
        self._socket, self._held, self._noise = socket, bytearray(held), noise
        self._message = bytearray()
        self._is_closed = False

    def send(self, message: bytes) -> None:
        """Send a binary message."""
        self._send(_BINARY, message)

    def ping(self) -> None:
        """Ping the server; `receive` gives an empty message for its answer."""
        self._send(_PING, b"")

    def receive(self, patience: float) -> bytes | None:
        """The next message, at once if `patience` is 0; None if none comes within `patience` seconds.

        An empty message is the answer to a ping. Raises EOFError at the end of the connection.
        """
        end = time.monotonic() + patience
        while True:
            frame = self._frame()
            if frame is not None:
                found = self._taken(*frame)
                if found is not None:
                    return found
            elif not self._filled(max(0.0, end - time.monotonic())):
                return None

    def close(self) -> None:
        """Send a close frame, and close the socket."""
        try:
            if not self._is_closed:
                self._send(_CLOSE, struct.pack("!H", 1000))
        except OSError:
            pass
        self._socket.close()

    def _taken(self, opcode: int, is_last: bool, payload: bytes) -> bytes | None:
        """The whole message, if the frame is the last one of a message."""
        if opcode == _CLOSE:
            self._is_closed = True
            raise EOFError
        if opcode == _PING:
            self._send(_PONG, payload)
            return None
        if opcode == _PONG:
            return b""
        if opcode != _CONTINUED:
            self._message.clear()
        self._message += payload
        return bytes(self._message) if is_last else None

    def _send(self, opcode: int, payload: bytes) -> None:
        size = len(payload)
        head = bytes((0x80 | opcode,))
        if size < 126:
            head += bytes((0x80 | size,))
        elif size < 65_536:
            head += struct.pack("!BH", 0x80 | 126, size)
        else:
            head += struct.pack("!BQ", 0x80 | 127, size)
        mask = self._noise(4)
        self._socket.settimeout(_TIMEOUT)
        self._socket.sendall(head + mask + masked(payload, mask))

    def _frame(self) -> tuple[int, bool, bytes] | None:
        """The first frame received, if it is complete: its opcode, whether it ends a message, and its payload."""
        held = self._held
        if len(held) < 2:
            return None
        start, size = 2, held[1] & 0x7F
        if size >= 126:
            start, form = (4, "!H") if size == 126 else (10, "!Q")
            if len(held) < start:
                return None
            (size,) = struct.unpack_from(form, held, 2)
        if len(held) < start + size:
            return None
        opcode, is_last, payload = held[0] & 0x0F, bool(held[0] & 0x80), bytes(held[start : start + size])
        del held[: start + size]
        return opcode, is_last, payload

    def _filled(self, patience: float) -> bool:
        """Whether more bytes arrive within `patience` seconds."""
        pending = getattr(self._socket, "pending", None)
        if not (pending is not None and pending()) and not select.select([self._socket], [], [], patience)[0]:
            return False
        self._socket.settimeout(_TIMEOUT)
        piece = self._socket.recv(_PIECE)
        if not piece:
            self._is_closed = True
            raise EOFError
        self._held += piece
        return True


def masked(payload: bytes, mask: bytes) -> bytes:
    """A payload as a client has to send it: each byte XORed with one of the four bytes of `mask`, in turn."""
    size = len(payload)
    whole = (mask * (size // 4 + 1))[:size]
    return (int.from_bytes(payload, "big") ^ int.from_bytes(whole, "big")).to_bytes(size, "big")


NOISE: Noise = os.urandom
"""Random bytes of the operating system."""
