"""Sends requests to one server over connections that stay open: with Python's own client, or a pool of urllib3's.

Python's client serves nearly everybody; it loads and answers in half the time. The urllib3 pool comes with the
official library and supports proxies. All errors on the way are OSErrors in both.
"""

import select
from collections import deque
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol
from urllib.parse import urlsplit

from stackferry.translator.cluster.websocket import Socket, connected

if TYPE_CHECKING:
    import ssl

TIMEOUT = 30.0
"""Seconds within which a part of the answer has to arrive."""


class Answered(NamedTuple):
    """A server's answer: `form` is its Content-Type."""

    status: int
    form: str
    data: bytes


class Transport(Protocol):
    """The connections to one server. Thread-safe."""

    def send(self, method: str, target: str, headers: Mapping[str, str], body: bytes | None) -> Answered:
        """Send one request for a path and query. Raises OSError if no answer comes."""

    def socket(self) -> Socket:
        """A connection for the caller's exclusive use. Raises OSError."""

    def close(self) -> None:
        """Close idle connections."""


class Plain:
    """A transport by `http.client`. `context` is None without TLS; `name`: that in the certificate, if not the host."""

    def __init__(self, server: str, context: "ssl.SSLContext | None" = None, name: str | None = None) -> None:
        parts = urlsplit(server)
        self._host, self._port, self._root = parts.hostname or "", parts.port, parts.path.rstrip("/")
        self._context, self._name = context, name
        self._idle: deque[HTTPConnection] = deque()

    def send(self, method: str, target: str, headers: Mapping[str, str], body: bytes | None) -> Answered:
        """Send one request; retry it once if the server turns out to have closed a kept connection."""
        used = self._used()
        if used is not None:
            try:
                return self._ask(used, method, target, headers, body)
            except TimeoutError:
                raise
            except (OSError, HTTPException):
                # All our requests may be repeated, except a POST: it creates an object whose name the server chooses.
                if method == "POST":
                    raise
        return self._ask(self._new(), method, target, headers, body)

    def _ask(
        self, connection: HTTPConnection, method: str, target: str, headers: Mapping[str, str], body: bytes | None
    ) -> Answered:
        try:
            connection.request(method, f"{self._root}{target}", body, dict(headers))
            answer = connection.getresponse()
            found = Answered(answer.status, answer.headers.get("Content-Type") or "", answer.read())
        except HTTPException as error:
            connection.close()
            raise ConnectionError(str(error) or type(error).__name__) from error
        except BaseException:
            connection.close()
            raise
        if answer.will_close:
            connection.close()
        else:
            self._idle.append(connection)
        return found

    def _used(self) -> HTTPConnection | None:
        """An idle connection without unread data: data or an end there means that the server has closed it."""
        while True:
            try:
                connection = self._idle.pop()
            except IndexError:
                return None
            if not select.select([connection.sock], [], [], 0)[0]:
                return connection
            connection.close()

    def _new(self) -> HTTPConnection:
        if self._context is None:
            return HTTPConnection(self._host, self._port, timeout=TIMEOUT)
        return _Secure(self._host, self._port, self._context, self._name or self._host)

    def socket(self) -> Socket:
        """A new connection."""
        connection = self._new()
        connection.connect()
        return connection.sock

    def close(self) -> None:
        """Close idle connections."""
        while self._idle:
            self._idle.pop().close()


class _Secure(HTTPConnection):
    """TLS with a given name in the certificate: Python's own class expects the host's name."""

    default_port = 443

    def __init__(self, host: str, port: int | None, context: "ssl.SSLContext", name: str) -> None:
        super().__init__(host, port, timeout=TIMEOUT)
        self._context, self._name = context, name

    def connect(self) -> None:
        """Connect, and start TLS."""
        super().connect()
        self.sock = self._context.wrap_socket(self.sock, server_hostname=self._name)


class Pooled:
    """A transport by a pool of urllib3's."""

    def __init__(self, server: str, pool: Any) -> None:
        self._server, self._pool = server, pool

    def send(self, method: str, target: str, headers: Mapping[str, str], body: bytes | None) -> Answered:
        """Send one request; urllib3 itself retries once if the server has closed the connection."""
        from urllib3.exceptions import HTTPError

        try:
            # Not by the library's own call, which differs between its versions.
            answer = self._pool.request(
                method, f"{self._server}{target}", body=body, headers=dict(headers), timeout=TIMEOUT, retries=1
            )
        except HTTPError as error:
            raise ConnectionError(_cause(error)) from error
        return Answered(answer.status, answer.headers.get("Content-Type") or "", answer.data)

    def socket(self) -> Socket:
        """A new connection, with the pool's proxies and certificates."""
        from urllib3.exceptions import HTTPError

        try:
            return connected(self._pool, self._server)
        except HTTPError as error:
            raise ConnectionError(_cause(error)) from error

    def close(self) -> None:
        """Close idle connections."""
        self._pool.clear()


def _cause(error: BaseException) -> str:
    reason = getattr(error, "reason", None)
    return str(reason if reason is not None else error)
