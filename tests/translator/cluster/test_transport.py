"""Requests over persistent connections, and servers that close them."""

import http.server
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from stackferry.translator.cluster import transport
from stackferry.translator.cluster.connection import direct
from stackferry.translator.cluster.kubeconfig import Access
from stackferry.translator.cluster.transport import Plain, Pooled, Transport


class Server(http.server.ThreadingHTTPServer):
    """Notes what it is asked and over which connection. `leave`: it closes each once it has answered, unasked."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[tuple[str, int]] = []
        self.leave = self.silent = False
        self.left = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def do_PATCH(self) -> None:
        self._answer()

    def _answer(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.asked.append((f"{self.command} {self.path}", self.client_address[1]))
        if self.server.silent:
            self.close_connection = True
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")
        # It says nothing of it, as a server that is stopped or a proxy that is tired.
        self.close_connection = self.server.leave

    def finish(self) -> None:
        super().finish()
        self.connection.close()
        self.server.left.set()

    def log_message(self, *_: Any) -> None: ...


@pytest.fixture
def server() -> Iterator[Server]:
    found = Server()
    threading.Thread(target=found.serve_forever, daemon=True).start()
    yield found
    found.shutdown()
    found.server_close()


@pytest.fixture
def plain(server: Server) -> Iterator[Plain]:
    found = Plain(f"{server.url}/k8s/clusters/one/")
    yield found
    found.close()


def test_one_connection_does_below_the_path_of_the_server(server: Server, plain: Plain) -> None:
    answers = [plain.send("GET", "/api", {}, None) for _ in range(3)]

    assert {one.data for one in answers} == {b"ok"}
    assert [path for path, _ in server.asked] == ["GET /k8s/clusters/one/api"] * 3
    assert len({port for _, port in server.asked}) == 1


def test_a_connection_that_the_server_has_left_is_not_used(server: Server, plain: Plain) -> None:
    server.leave = True
    plain.send("GET", "/", {}, None)
    assert server.left.wait(5)

    assert plain.send("POST", "/", {}, b"{}").data == b"ok"
    assert len({port for _, port in server.asked}) == 2


@pytest.mark.parametrize(("method", "times"), [("PATCH", 2), ("POST", 1)])
def test_what_may_be_asked_twice_is(server: Server, plain: Plain, method: str, times: int) -> None:
    plain.send("GET", "/", {}, None)
    server.silent = True

    with pytest.raises(ConnectionError):
        plain.send(method, "/", {}, b"{}")

    assert len([path for path, _ in server.asked if path.startswith(method)]) == times


def test_nothing_comes_for_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    monkeypatch.setattr(transport, "TIMEOUT", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as deaf, pytest.raises(TimeoutError):
        Plain(f"http://127.0.0.1:{deaf.getsockname()[1]}").send("GET", "/", {}, None)


def test_a_connection_of_ones_own(server: Server, plain: Plain) -> None:
    socket = plain.socket()
    socket.sendall(b"GET /mine HTTP/1.1\r\nHost: x\r\n\r\n")

    assert socket.recv(12) == b"HTTP/1.1 200"
    socket.close()


def by_proxy(proxy: str) -> Transport:
    cluster = {"server": "http://cluster.example:8080", "proxy-url": proxy}
    found = direct(Access("one", "default", cluster, {"token": "t"}), {})
    assert found is not None
    return found.transport


def test_a_proxy_is_asked_for_the_server(server: Server) -> None:
    way = by_proxy(server.url)

    assert isinstance(way, Pooled)
    assert way.send("GET", "/api", {}, None).data == b"ok"
    assert server.asked[0][0] == "GET http://cluster.example:8080/api"
    way.close()


def test_a_proxy_that_is_not_there() -> None:
    with pytest.raises(ConnectionError, match="Connection refused"):
        by_proxy("http://127.0.0.1:1").send("GET", "/api", {}, None)
