"""HTTP to an engine: over its socket, or TCP with or without TLS; connections are kept and reused.

`api.py` uses this; it returns a complete response, or one that is still arriving (`streams.py`).
It uses only the standard library's HTTP, because the SDK's takes longer to load than most commands take. Thread-safe:
a connection belongs to one thread until its response is read.
"""

import json
import re
import select
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial
from http.client import HTTPConnection, HTTPException, HTTPMessage, HTTPResponse, HTTPSConnection
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from stackferry.emulator.engine.context import Certificates
from stackferry.emulator.engine.protocol import EngineAwayError, EngineError
from stackferry.grammar.lazy_dataclass import dataclass

if TYPE_CHECKING:
    import ssl

QUICK, PATIENT = 120.0, None
"""Seconds of silence allowed in a call that the engine answers by itself, and in one that waits for a process."""

_PORT, _SECURE_PORT = 2375, 2376
_KEPT = 64
"""The most idle connections that are kept."""

Body = bytes | Iterator[bytes] | None


@dataclass(frozen=True, slots=True)
class Answer:
    """The engine's response: complete, or with the connection to read it from."""

    status: int
    reason: str
    headers: HTTPMessage
    body: bytes = b""
    arriving: "Arriving | None" = None

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode("utf-8", "replace")

    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


@dataclass(frozen=True, slots=True)
class Arriving:
    """A response that is not read yet, and its socket; the owner closes both."""

    response: HTTPResponse
    socket: socket.socket


class Transport:
    """HTTP to the engine at `host`, an address as in DOCKER_HOST. Raises EngineError for an unknown kind of address.

    `environment` may name a proxy for engines at TCP addresses, as in docker.
    """

    def __init__(self, host: str, certificates: Certificates | None, environment: Mapping[str, str]) -> None:
        self.host = host
        self._certificates = certificates
        self._environment = environment
        self._idle: list[HTTPConnection] = []
        self._lock = threading.Lock()
        self._context: ssl.SSLContext | None = None
        self._scheme, _, place = host.partition("://")
        if self._scheme not in ("unix", "tcp", "http", "https"):
            raise EngineError(f"unsupported engine address {host}", "use unix://PATH or tcp://HOST:PORT")
        self._path = place if self._scheme == "unix" else ""
        try:
            parts = urlsplit("" if self._path else f"//{place}")
            self._name, port = parts.hostname or "localhost", parts.port
        except ValueError as error:
            raise EngineError(f"invalid engine address {host}: {error}", "write tcp://HOST:PORT") from error
        self._prefix = parts.path.rstrip("/")
        self._is_secure = self._scheme == "https" or (self._scheme != "unix" and certificates is not None)
        self._port = port or (_SECURE_PORT if self._is_secure else _PORT)

    def close(self) -> None:
        """Close idle connections; the next call opens new ones."""
        with self._lock:
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()

    def request(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str] | None = None,
        body: Body = None,
        timeout: float | None = QUICK,
        *,
        arriving: bool = False,
    ) -> Answer:
        """Send a request and read the response; `arriving`: leave the body of a successful one to be read as it comes.

        Raises EngineAwayError if no engine is reached, and EngineError if it does not answer in time.
        """
        with self._failures():
            connection = self._connection(timeout)
            try:
                return self._asked(connection, method, self._prefix + path, dict(headers or {}), body, arriving)
            except BaseException:
                connection.close()
                raise

    def _asked(
        self, connection: HTTPConnection, method: str, path: str, headers: dict[str, str], body: Body, arriving: bool
    ) -> Answer:
        # An engine that refuses stops reading, and its response is waiting.
        with suppress(BrokenPipeError, ConnectionResetError):
            connection.request(method, path, body, headers)
        # The connection drops its socket if no further response can follow.
        ours = connection.sock
        response = connection.getresponse()
        said = partial(Answer, response.status, response.reason, response.headers)
        if arriving and response.status < 400:
            return said(arriving=Arriving(response, ours))
        read = response.read()
        if not response.will_close:
            self._keep(connection)
        return said(read)

    def _connection(self, timeout: float | None) -> HTTPConnection:
        """An idle connection that is still open, else a new one."""
        while True:
            with self._lock:
                kept = self._idle.pop() if self._idle else None
            if kept is None:
                made = self._new(timeout)
                made.connect()
                return made
            # The engine sends nothing unasked: readable data means that it closed the connection.
            waiting = select.poll()
            waiting.register(kept.sock, select.POLLIN)
            if not waiting.poll(0):
                kept.sock.settimeout(timeout)
                return kept
            kept.close()

    def _keep(self, connection: HTTPConnection) -> None:
        with self._lock:
            if len(self._idle) < _KEPT:
                self._idle.append(connection)
                return
        connection.close()

    def _new(self, timeout: float | None) -> HTTPConnection:
        if self._path:
            return _Socket(self._path, timeout)
        proxy = self._proxy()
        if not self._is_secure:
            if proxy is None:
                return HTTPConnection(self._name, self._port, timeout=timeout)
            made = _Proxied(*proxy, timeout=timeout)
            made.origin = f"http://{self._at}"
            return made
        if proxy is None:
            return HTTPSConnection(self._name, self._port, timeout=timeout, context=self._secured())
        secure = HTTPSConnection(*proxy, timeout=timeout, context=self._secured())
        secure.set_tunnel(self._name, self._port)
        return secure

    @property
    def _at(self) -> str:
        return f"[{self._name}]:{self._port}" if ":" in self._name else f"{self._name}:{self._port}"

    def _proxy(self) -> tuple[str, int] | None:
        """The environment's proxy, if this engine is to be reached through it."""
        kind = "https" if self._is_secure else "http"
        found = self._environment.get(f"{kind}_proxy") or self._environment.get(f"{kind.upper()}_PROXY")
        if not found or self._name in ("localhost", "127.0.0.1", "::1"):
            return None
        past = self._environment.get("no_proxy") or self._environment.get("NO_PROXY") or ""
        if any(_is_meant(self._name, self._port, one.strip()) for one in past.split(",")):
            return None
        parts = urlsplit(found if "://" in found else f"//{found}")
        return parts.hostname or "", parts.port or 80

    def _secured(self) -> "ssl.SSLContext":
        if self._context is None:
            self._context = _context(self._certificates)
        return self._context

    @contextmanager
    def _failures(self) -> Iterator[None]:
        try:
            yield
        except TimeoutError as error:
            message = f"the engine at {self.host} did not answer in time"
            raise EngineError(message, "check the engine's log; it may hang") from error
        except (OSError, HTTPException) as error:
            raise unreachable(self.host, error) from error


class _Socket(HTTPConnection):
    """HTTP over a local socket."""

    def __init__(self, path: str, timeout: float | None) -> None:
        super().__init__("localhost", timeout=timeout)
        self._socket_path = path

    def connect(self) -> None:
        """Connect."""
        made = socket.socket(socket.AF_UNIX)
        made.settimeout(self.timeout)
        try:
            made.connect(self._socket_path)
        except BaseException:
            made.close()
            raise
        self.sock = made


class _Proxied(HTTPConnection):
    """HTTP through a proxy, which gets the whole URL."""

    origin = ""

    def putrequest(self, method: str, url: str, skip_host: bool = False, skip_accept_encoding: bool = False) -> None:
        """Begin a request."""
        super().putrequest(method, f"{self.origin}{url}", skip_host, skip_accept_encoding)


def _is_meant(name: str, port: int, pattern: str) -> bool:
    """Whether an entry of NO_PROXY matches a host: all hosts, its name, or a suffix of its name."""
    wanted, _, number = pattern.partition(":")
    if number.isdigit() and int(number) != port:
        return False
    wanted = wanted.lstrip(".").lower()
    return wanted == "*" or (wanted != "" and (name == wanted or name.endswith(f".{wanted}")))


def _context(certificates: Certificates | None) -> "ssl.SSLContext":
    """The TLS context for an engine with these certificates; it is verified with its own CA and no other."""
    import ssl

    if certificates is None:
        return ssl.create_default_context()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    ca, cert, key = certificates.paths
    try:
        if certificates.verify:
            context.load_verify_locations(ca)
        else:
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        context.load_cert_chain(cert, key)
    except OSError as error:
        said = error.strerror or str(error)
        raise EngineError(f"{certificates.folder}: {said}", "put ca.pem, cert.pem and key.pem there") from error
    return context


def unreachable(host: str, error: Exception) -> EngineError:
    """The error for a failed connection to an engine, with a hint."""
    if "Permission denied" in str(error):
        hint = "add yourself to the group docker (usermod -aG docker $USER, then log in again), or run as root"
        return EngineError(f"no permission to talk to the Docker daemon at {host}", hint)
    if found := re.search(r"\[SSL: [A-Z_0-9]+\] ([^(]*)", str(error)):
        hint = "check the certificates (ca.pem, cert.pem, key.pem) in DOCKER_CERT_PATH or in the docker context"
        return EngineError(f"no secure connection to the Docker daemon at {host}: {found[1].strip()}", hint)
    hint = "start it (systemctl start docker, or Docker Desktop), or set DOCKER_HOST to a running one"
    return EngineAwayError(f"cannot connect to the Docker daemon at {host}: is the Docker daemon running?", hint)
