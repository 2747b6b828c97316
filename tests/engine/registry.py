"""A registry of images in the test's own process, on loopback: what an engine asks for to find and fetch an image.

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


class Registry:
    """Listens until `close`. `asked` has the paths that were asked for."""

    def __init__(self, account: tuple[str, str] | None = None) -> None:
        self.account = account
        self.blobs: dict[str, bytes] = {}
        self.names: dict[tuple[str, str], str] = {}
        self.asked: list[str] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.host = f"127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def put(self, name: str, tag: str, layer: bytes, config: Mapping[str, object], architecture: str = "amd64") -> str:
        """Have an image of one layer, an uncompressed tar; gives the digest of its manifest."""
        rootfs = {"type": "layers", "diff_ids": [_digest(layer)]}
        image = {"architecture": architecture, "os": "linux", "config": config, "rootfs": rootfs}
        parts = [(CONFIG, self._keep(json.dumps(image).encode())), (LAYER, self._keep(gzip.compress(layer, mtime=0)))]
        described = [{"mediaType": kind, "digest": one, "size": len(self.blobs[one])} for kind, one in parts]
        manifest = {"schemaVersion": 2, "mediaType": MANIFEST, "config": described[0], "layers": described[1:]}
        self.names[name, tag] = self._keep(json.dumps(manifest).encode())
        return self.names[name, tag]

    def _keep(self, content: bytes) -> str:
        self.blobs[_digest(content)] = content
        return _digest(content)

    def find(self, path: str) -> tuple[str, bytes] | None:
        """The digest and the content of `/v2/NAME/manifests/TAG` or `/v2/NAME/blobs/DIGEST`."""
        name, _, reference = path.removeprefix("/v2/").rpartition("/")
        digest = self.names.get((name.removesuffix("/manifests"), reference), reference)
        return (digest, self.blobs[digest]) if digest in self.blobs else None


def _digest(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def _handler(registry: Registry) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_one_request(self) -> None:
            """A client that tries TLS is told in HTTP, as it expects of a plain registry."""
            if self.connection.recv(1, socket.MSG_PEEK) == TLS:
                self.wfile.write(b"HTTP/1.0 400 Bad Request\r\n\r\n")
                self.close_connection = True
            else:
                super().handle_one_request()

        def do_GET(self) -> None:
            registry.asked.append(self.path)
            if registry.account and self.headers.get("Authorization") != _basic(registry.account):
                return self._answer(401, b"{}", {"WWW-Authenticate": 'Basic realm="test"'})
            if self.path == "/v2/":
                return self._answer(200, b"{}", {"Docker-Distribution-Api-Version": "registry/2.0"})
            found = registry.find(self.path)
            if found is None:
                text = {"errors": [{"code": "MANIFEST_UNKNOWN", "message": "manifest unknown"}]}
                return self._answer(404, json.dumps(text).encode(), {"Content-Type": "application/json"})
            kind = MANIFEST if "/manifests/" in self.path else "application/octet-stream"
            return self._answer(200, found[1], {"Content-Type": kind, "Docker-Content-Digest": found[0]})

        def do_HEAD(self) -> None:
            self.do_GET()

        def _answer(self, status: int, body: bytes, headers: Mapping[str, str]) -> None:
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Nothing is said."""

    return Handler


def _basic(account: tuple[str, str]) -> str:
    return f"Basic {base64.b64encode(':'.join(account).encode()).decode()}"
