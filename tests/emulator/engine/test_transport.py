"""Connections to an engine: kept alive, found dead, through a proxy, refused during a request. Uses own servers."""

import json
import os
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from stackferry.emulator.engine.protocol import EngineAwayError, EngineError
from stackferry.emulator.engine.transport import Transport
from tests.engine.place import refusal


class Engine(BaseHTTPRequestHandler):
    """Tells what it was asked, and by how many connections."""

    protocol_version = "HTTP/1.1"
    connections = 0

    def setup(self) -> None:
        """One more."""
        super().setup()
        type(self).connections += 1

    def _answer(self) -> None:
        length = self.headers.get("Content-Length")
        if self.headers.get("Transfer-Encoding") == "chunked":
            sent = b""
            while size := int(self.rfile.readline(), 16):
                sent += self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
        else:
            sent = self.rfile.read(int(length or 0))
        if self.path.endswith("/slow"):
            time.sleep(1.0)
        said = {"path": self.path, "method": self.command, "sent": sent.decode(), "host": self.headers["Host"]}
        body = json.dumps(said).encode()
        self.send_response(404 if self.path.endswith("/absent") else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = _answer  # noqa: N815 - as the server asks for them

    def log_message(self, *_: object) -> None:
        """Nothing."""


@contextmanager
def serving() -> Iterator[tuple[int, type[Engine]]]:
    """The port of a server, and what counts its connections."""

    class Counted(Engine):
        connections = 0

    with ThreadingHTTPServer(("127.0.0.1", 0), Counted) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port, Counted
        server.shutdown()


def transport(host: str, environment: Mapping[str, str] | None = None) -> Transport:
    return Transport(host, None, environment or {})


def test_a_connection_is_used_again() -> None:
    with serving() as (port, counted), closing(transport(f"tcp://127.0.0.1:{port}/below/")) as there:
        answers = [there.request(method, "/x?a=1") for method in ("GET", "POST", "DELETE", "PUT")]
        refused = there.request("GET", "/absent")
        head = there.request("HEAD", "/x")

        assert [one.json()["method"] for one in answers] == ["GET", "POST", "DELETE", "PUT"]
        assert answers[0].json()["path"] == "/below/x?a=1"
        assert (refused.status, head.status, head.body) == (404, 200, b"")
        assert counted.connections == 1


def test_what_is_sent() -> None:
    with serving() as (port, _), closing(transport(f"http://127.0.0.1:{port}")) as there:
        assert there.request("POST", "/x", {}, b"abc").json()["sent"] == "abc"
        assert there.request("PUT", "/x", {}, iter([b"a" * 9, b"", b"b"])).json()["sent"] == "aaaaaaaaab"


def test_from_many_threads_each_gets_its_own_answer() -> None:
    with serving() as (port, counted), closing(transport(f"tcp://127.0.0.1:{port}")) as there:
        with ThreadPoolExecutor(8) as pool:
            paths = [f"/{number}" for number in range(200)]
            assert [one.json()["path"] for one in pool.map(lambda path: there.request("GET", path), paths)] == paths
        assert counted.connections <= 8


def test_one_that_the_engine_has_closed_is_not_used_again(tmp_path: Path) -> None:
    """As after its restart: what is asked then must not fail, and must not be asked twice."""
    path = f"{tmp_path}/e.sock"
    asked: list[bytes] = []
    closed = threading.Event()

    def serve(server: socket.socket) -> None:
        for _ in range(2):
            connection, _ = server.accept()
            with connection:
                asked.append(connection.recv(65536).split(b" ")[1])
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK")
            closed.set()

    with socket.socket(socket.AF_UNIX) as server:
        server.bind(path)
        server.listen()
        thread = threading.Thread(target=serve, args=(server,))
        thread.start()
        with closing(transport(f"unix://{path}")) as there:
            assert there.request("GET", "/one").body == b"OK"
            assert closed.wait(30)
            assert there.request("POST", "/two").body == b"OK"
        thread.join()
    assert asked == [b"/one", b"/two"]


def test_an_engine_that_refuses_while_it_is_sent_to_is_heard(tmp_path: Path) -> None:
    path = f"{tmp_path}/e.sock"

    def serve(server: socket.socket) -> None:
        connection, _ = server.accept()
        with connection:
            connection.recv(100)
            connection.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 4\r\nConnection: close\r\n\r\nlong")
            connection.shutdown(socket.SHUT_RD)

    with socket.socket(socket.AF_UNIX) as server:
        server.bind(path)
        server.listen()
        thread = threading.Thread(target=serve, args=(server,))
        thread.start()
        blocks = (b"x" * 65536 for _ in range(1000))
        with closing(transport(f"unix://{path}")) as there:
            said = there.request("PUT", "/archive", {}, blocks)
        thread.join()
    assert (said.status, said.text) == (400, "long")


def test_an_engine_that_says_nothing() -> None:
    with serving() as (port, _), closing(transport(f"tcp://127.0.0.1:{port}")) as there:
        error = refusal(lambda: there.request("GET", "/slow", timeout=0.1))
        assert "did not answer in time" in error.message
        assert not isinstance(error, EngineAwayError)
        # The late answer is nobody's.
        assert there.request("GET", "/next").json()["path"] == "/next"


@pytest.mark.parametrize(
    ("environment", "seen"),
    [
        ({}, "engine.invalid"),
        ({"http_proxy": "http://127.0.0.1:{port}"}, "proxied"),
        ({"HTTP_PROXY": "127.0.0.1:{port}"}, "proxied"),
        ({"HTTP_PROXY": "http://127.0.0.1:{port}", "NO_PROXY": "a.example, engine.invalid"}, "engine.invalid"),
        ({"HTTP_PROXY": "http://127.0.0.1:{port}", "NO_PROXY": ".invalid"}, "engine.invalid"),
        ({"HTTP_PROXY": "http://127.0.0.1:{port}", "NO_PROXY": "*"}, "engine.invalid"),
        ({"HTTP_PROXY": "http://127.0.0.1:{port}", "NO_PROXY": "engine.invalid:1,gine.invalid"}, "proxied"),
    ],
)
def test_a_proxy(environment: dict[str, str], seen: str) -> None:
    """It gets the whole URL; without one the name is not to be found."""
    with serving() as (port, _):
        given = {name: value.format(port=port) for name, value in environment.items()}
        with closing(transport("tcp://engine.invalid:2375", given)) as there:
            if seen == "proxied":
                said = there.request("GET", "/v1/x").json()
                assert (said["path"], said["host"]) == ("http://engine.invalid:2375/v1/x", "engine.invalid:2375")
            else:
                assert isinstance(refusal(lambda: there.request("GET", "/v1/x")), EngineAwayError)


@pytest.mark.parametrize("host", ["npipe:////./pipe/docker_engine", "fd://", "ftp://a", "tcp://a:x", "tcp://[::1"])
def test_an_address_that_is_none(host: str) -> None:
    with pytest.raises(EngineError) as caught:
        transport(host)
    assert host in caught.value.message
    assert "tcp://HOST:PORT" in caught.value.hint


@pytest.mark.skipif(os.geteuid() != 0, reason="needs another user")
def test_a_socket_that_is_not_ours(tmp_path: Path) -> None:
    """Told with what helps, and not as an engine that is away."""
    place = tmp_path / "e.sock"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(place))
        server.listen()
        place.chmod(0o600)
        for folder in (tmp_path, *tmp_path.parents[:2]):
            folder.chmod(0o755)
        child = os.fork()
        if not child:
            os.setuid(65534)
            error = refusal(lambda: transport(f"unix://{place}").request("GET", "/_ping"))
            os._exit("no permission" not in error.message or "group docker" not in error.hint)
        assert os.waitpid(child, 0)[1] == 0
