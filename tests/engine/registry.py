"""An image registry in the test process, on loopback: what an engine requests to resolve and pull an image.

Engines speak plain HTTP to registries on loopback. With an `account` it wants these credentials, as private ones do.
"""

import base64
import gzip
import hashlib
import json
import socket
import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"
CONFIG = "application/vnd.docker.container.image.v1+json"
TLS = b"\x16"
"""The first byte of a handshake."""
LAYER = "application/vnd.docker.image.rootfs.diff.tar.gzip"


class _Server(ThreadingHTTPServer):
    """Knows its registry, and what is being sent."""

    registry: "Registry"
    upload = b""


class Registry:
    """Listens until `close`. `asked` has the paths that were asked for, `pushed` the names of what was sent.

    One upload at a time: engines send the layers of an image together, and these images have one.
    """

    def __init__(self, account: tuple[str, str] | None = None) -> None:
        self.account = account
        self.blobs: dict[str, bytes] = {}
        self.names: dict[tuple[str, str], str] = {}
        self.asked: list[str] = []
        self.pushed: list[str] = []
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.registry = self
        self.host = f"127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def put(self, name: str, tag: str, layer: bytes, config: Mapping[str, object], architecture: str = "amd64") -> str:
        """Have an image of one layer, an uncompressed tar; gives the digest of its manifest."""
        rootfs = {"type": "layers", "diff_ids": [_digest(layer)]}
        image = {"architecture": architecture, "os": "linux", "config": config, "rootfs": rootfs}
        parts = [(CONFIG, self.keep(json.dumps(image).encode())), (LAYER, self.keep(gzip.compress(layer, mtime=0)))]
        described = [{"mediaType": kind, "digest": one, "size": len(self.blobs[one])} for kind, one in parts]
        manifest = {"schemaVersion": 2, "mediaType": MANIFEST, "config": described[0], "layers": described[1:]}
        self.names[name, tag] = self.keep(json.dumps(manifest).encode())
        return self.names[name, tag]

    def keep(self, content: bytes) -> str:
        self.blobs[_digest(content)] = content
        return _digest(content)

    def find(self, path: str) -> tuple[str, bytes] | None:
        """The digest and the content of `/v2/NAME/manifests/TAG` or `/v2/NAME/blobs/DIGEST`."""
        name, _, reference = path.removeprefix("/v2/").rpartition("/")
        digest = self.names.get((name.removesuffix("/manifests"), reference), reference)
        return (digest, self.blobs[digest]) if digest in self.blobs else None


def _digest(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


class _Handler(BaseHTTPRequestHandler):
    server: "_Server"
    protocol_version = "HTTP/1.1"

    def handle_one_request(self) -> None:
        """A client that tries TLS is told in HTTP, as it expects of a plain registry."""
        if self.connection.recv(1, socket.MSG_PEEK) == TLS:
            self.wfile.write(b"HTTP/1.0 400 Bad Request\r\n\r\n")
            self.close_connection = True
        else:
            super().handle_one_request()

    def do_GET(self) -> None:
        self.server.registry.asked.append(self.path)
        if self.server.registry.account and self.headers.get("Authorization") != _basic(self.server.registry.account):
            return self._answer(401, b"{}", {"WWW-Authenticate": 'Basic realm="test"'})
        if self.path == "/v2/":
            return self._answer(200, b"{}", {"Docker-Distribution-Api-Version": "registry/2.0"})
        found = self.server.registry.find(self.path)
        if found is None:
            text = {"errors": [{"code": "MANIFEST_UNKNOWN", "message": "manifest unknown"}]}
            return self._answer(404, json.dumps(text).encode(), {"Content-Type": "application/json"})
        kind = MANIFEST if "/manifests/" in self.path else "application/octet-stream"
        return self._answer(200, found[1], {"Content-Type": kind, "Docker-Content-Digest": found[0]})

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_POST(self) -> None:
        """The begin of an upload: all that is sent to its place is one blob."""
        self._heard()
        self._answer(202, b"", {"Location": f"{self.path.rstrip('/')}/1", "Range": "0-0"})

    def do_PATCH(self) -> None:
        self.server.upload = self._heard()
        size = len(self.server.upload)
        self._answer(202, b"", {"Location": self.path, "Range": f"0-{size - 1}"})

    def do_PUT(self) -> None:
        """The end of an upload, or a manifest."""
        content = self._heard()
        name, _, reference = self.path.removeprefix("/v2/").partition("/manifests/")
        if reference:
            self.server.registry.pushed.append(f"{name}:{reference}")
            self.server.registry.names[name, reference] = self.server.registry.keep(content)
            return self._answer(201, b"", {"Docker-Content-Digest": self.server.registry.names[name, reference]})
        digest = self.server.registry.keep(content or self.server.upload)
        return self._answer(201, b"", {"Docker-Content-Digest": digest})

    def _heard(self) -> bytes:
        if self.headers.get("Transfer-Encoding") == "chunked":
            parts = []
            while size := int(self.rfile.readline(), 16):
                parts.append(self.rfile.read(size))
                self.rfile.readline()
            self.rfile.readline()
            return b"".join(parts)
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def _answer(self, status: int, body: bytes, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Nothing is said."""


def _basic(account: tuple[str, str]) -> str:
    return f"Basic {base64.b64encode(':'.join(account).encode()).decode()}"
