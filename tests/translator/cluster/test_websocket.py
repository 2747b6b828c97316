"""The WebSocket, against the frames in RFC 6455, over a pair of real sockets."""

import base64
import hashlib
import socket
import struct
import threading
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackferry.translator.cluster.errors import ClusterError
from stackferry.translator.cluster.websocket import NOISE, WebSocket, connected, masked, opened

MASK = b"\x37\xfa\x21\x3d"


def noise(count: int) -> bytes:
    return (MASK * count)[:count]


@pytest.fixture
def ends() -> Iterator[tuple[socket.socket, socket.socket]]:
    ours, theirs = socket.socketpair()
    theirs.settimeout(10)
    yield ours, theirs
    ours.close()
    theirs.close()


def test_a_message_is_sent_masked_as_in_the_standard(ends: tuple[socket.socket, socket.socket]) -> None:
    ours, theirs = ends
    WebSocket(ours, b"", noise).send(b"Hello")

    assert theirs.recv(100) == b"\x82\x85" + MASK + b"\x7f\x9f\x4d\x51\x58"


@pytest.mark.parametrize(
    ("size", "head"), [(126, b"\x82\xfe\x00\x7e"), (70_000, b"\x82\xff" + struct.pack("!Q", 70_000))]
)
def test_the_length_has_three_forms(ends: tuple[socket.socket, socket.socket], size: int, head: bytes) -> None:
    ours, theirs = ends
    threading.Thread(target=WebSocket(ours, b"", noise).send, args=(b"x" * size,)).start()
    with theirs.makefile("rb") as stream:
        assert stream.read(len(head)) == head
        assert masked(stream.read(4 + size)[4:], MASK) == b"x" * size


@given(st.binary(max_size=50), st.binary(min_size=4, max_size=4))
def test_masking_is_byte_by_byte_and_undoes_itself(payload: bytes, mask: bytes) -> None:
    assert masked(payload, mask) == bytes(one ^ mask[at % 4] for at, one in enumerate(payload))
    assert masked(masked(payload, mask), mask) == payload


def frame(opcode: int, payload: bytes, *, last: bool = True) -> bytes:
    """One of a server's, unmasked."""
    head = bytes((opcode | (0x80 if last else 0),))
    if len(payload) < 126:
        return head + bytes((len(payload),)) + payload
    form = ("!BH", 126) if len(payload) < 65_536 else ("!BQ", 127)
    return head + struct.pack(form[0], form[1], len(payload)) + payload


@pytest.mark.parametrize("chunk", [1, 7, 100_000])
def test_messages_come_in_whatever_pieces(ends: tuple[socket.socket, socket.socket], chunk: int) -> None:
    ours, theirs = ends
    large = b"y" * (300 if chunk == 1 else 70_000)
    stream = (
        frame(2, b"one")
        + frame(2, b"tw", last=False)
        + frame(9, b"are you there?")
        + frame(0, b"o")
        + frame(2, large)
        + frame(2, b"")
        + frame(8, struct.pack("!H", 1000))
    )

    def serve() -> None:
        for at in range(0, len(stream), chunk):
            theirs.sendall(stream[at : at + chunk])

    threading.Thread(target=serve).start()
    line = WebSocket(ours, b"", noise)
    assert [line.receive(10) for _ in range(4)] == [b"one", b"two", large, b""]
    with pytest.raises(EOFError):
        line.receive(10)
    assert theirs.recv(100) == b"\x8a\x8e" + MASK + masked(b"are you there?", MASK), "the ping was answered"


def test_what_came_with_the_answer_is_no_less_a_message(ends: tuple[socket.socket, socket.socket]) -> None:
    ours, _ = ends

    assert WebSocket(ours, frame(2, b"early"), noise).receive(0) == b"early"


def test_nothing_comes_for_a_while(ends: tuple[socket.socket, socket.socket]) -> None:
    ours, theirs = ends
    line = WebSocket(ours, b"", noise)

    assert line.receive(0) is None
    assert line.receive(0.01) is None
    line.ping()
    assert theirs.recv(100)[:2] == b"\x89\x80"
    theirs.sendall(frame(10, b""))
    assert line.receive(10) == b""
    theirs.close()
    with pytest.raises(EOFError):
        line.receive(10)
    line.close()


Answer = Callable[[bytes], bytes]


def asked(ends: tuple[socket.socket, socket.socket], answer: Answer, token: str = "t0ken") -> tuple[WebSocket, bytes]:
    """Open a line; the other end gets the request, and answers."""
    ours, theirs = ends
    seen: list[bytes] = []

    def serve() -> None:
        request = b""
        while b"\r\n\r\n" not in request:
            request += theirs.recv(1000)
        seen.append(request)
        answered = answer(request)
        if answered:
            theirs.sendall(answered)

    server = threading.Thread(target=serve)
    server.start()
    try:
        line = opened(ours, "api:6443", "/x?y=1", {"authorization": f"Bearer {token}"}, "v4", "speak", NOISE)
        return line, seen[0]
    finally:
        server.join()


def agrees(request: bytes) -> bytes:
    (key,) = [line.partition(b": ")[2] for line in request.split(b"\r\n") if line.startswith(b"Sec-WebSocket-Key")]
    proof = base64.b64encode(hashlib.sha1(key + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest())
    head = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nSec-Websocket-Protocol: v4\r\n"
    return head + b"Sec-WebSocket-Accept: " + proof + b"\r\n\r\n" + frame(2, b"hello")


def test_the_server_agrees(ends: tuple[socket.socket, socket.socket]) -> None:
    line, request = asked(ends, agrees)

    assert request.startswith(b"GET /x?y=1 HTTP/1.1\r\nHost: api:6443\r\n")
    assert b"\r\nauthorization: Bearer t0ken\r\n" in request
    assert line.receive(10) == b"hello"


def test_a_refusal_says_why(ends: tuple[socket.socket, socket.socket]) -> None:
    body = b'{"reason": "Forbidden", "message": "pods/exec is forbidden"}'
    head = b"HTTP/1.1 403 Forbidden\r\nContent-Length: %d\r\n\r\n" % len(body)

    with pytest.raises(ClusterError, match="speak: pods/exec is forbidden") as refused:
        asked(ends, lambda _: head + body)

    assert (refused.value.status, refused.value.reason) == (403, "Forbidden")


@pytest.mark.parametrize("spoilt", [(b"Accept: ", b"Accept: x"), (b"Protocol: v4", b"Protocol: v9")])
def test_who_only_seems_to_agree_is_not_believed(
    ends: tuple[socket.socket, socket.socket], spoilt: tuple[bytes, bytes]
) -> None:
    with pytest.raises(ClusterError, match="does not support v4"):
        asked(ends, lambda request: agrees(request).replace(*spoilt))


def test_no_answer_at_all(ends: tuple[socket.socket, socket.socket]) -> None:
    def hangs_up(_: bytes) -> bytes:
        ends[1].shutdown(socket.SHUT_WR)
        return b""

    with pytest.raises(ClusterError, match="closed the connection without a response"):
        asked(ends, hangs_up)


def test_a_pool_of_urllib3_gives_a_socket() -> None:
    import urllib3

    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        ours = connected(urllib3.PoolManager(), f"http://127.0.0.1:{port}")
        theirs, _ = server.accept()
        with theirs:
            ours.sendall(b"hello")
            assert theirs.recv(10) == b"hello"
        ours.close()
