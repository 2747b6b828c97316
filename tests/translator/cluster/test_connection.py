"""Connections without the library: by certificates and tokens, and no stricter than kubectl."""

import base64
import http.server
import ssl
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from stackferry.translator.cluster.client import KubernetesClient
from stackferry.translator.cluster.connection import direct
from stackferry.translator.cluster.errors import ClusterError
from stackferry.translator.cluster.kubeconfig import Access


class Server(http.server.BaseHTTPRequestHandler):
    """Says who has come, by a certificate or a token."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        certificate = self.connection.getpeercert() or {}  # type: ignore[attr-defined]
        names = [value for part in certificate.get("subject", ()) for key, value in part if key == "commonName"]
        text = ",".join([*names, self.headers.get("authorization") or ""]).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_: Any) -> None: ...


SCRIPT = """\
set -e
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout ca.key -out ca.crt -subj /CN=ca \
  -days 3650 -addext basicConstraints=critical,CA:TRUE
for one in server client; do
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout $one.key -out $one.csr -subj /CN=$one
  echo "subjectAltName=IP:127.0.0.1,DNS:api.example" > $one.ext
  openssl x509 -req -in $one.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 3650 -extfile $one.ext -out $one.crt
done
"""


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A CA without key identifiers, as old clusters have, and what it has signed."""
    folder = tmp_path_factory.mktemp("keys")
    subprocess.run(["bash", "-c", SCRIPT], cwd=folder, check=True, capture_output=True)
    return folder


@pytest.fixture(scope="module")
def server(keys: Path) -> Iterator[str]:
    found = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(keys / "server.crt", keys / "server.key")
    context.load_verify_locations(keys / "ca.crt")
    context.verify_mode = ssl.CERT_OPTIONAL
    found.socket = context.wrap_socket(found.socket, server_side=True)
    threading.Thread(target=found.serve_forever, daemon=True).start()
    yield f"https://127.0.0.1:{found.server_port}"
    found.shutdown()
    found.server_close()


def data(path: Path) -> str:
    return base64.b64encode(path.read_bytes()).decode()


def asked(cluster: Mapping[str, Any], user: Mapping[str, Any]) -> str:
    connection = direct(Access("one", "default", cluster, user), {})
    assert connection is not None
    try:
        return str(KubernetesClient(connection, "default", "one").request("GET", "/"))
    finally:
        connection.transport.close()


def test_a_certificate_in_the_kubeconfig_leaves_no_file(
    keys: Path, server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    cluster = {"server": server, "certificate-authority-data": data(keys / "ca.crt")}
    user = {"client-certificate-data": data(keys / "client.crt"), "client-key-data": data(keys / "client.key")}

    assert asked(cluster, user) == "client,"
    assert list(tmp_path.iterdir()) == []


def test_a_certificate_in_files(keys: Path, server: str) -> None:
    cluster = {"server": server, "certificate-authority": str(keys / "ca.crt")}

    assert asked(cluster, {"client-certificate": str(keys / "client.crt"), "client-key": str(keys / "client.key")})


def test_tokens(keys: Path, server: str, tmp_path: Path) -> None:
    cluster = {"server": server, "certificate-authority": str(keys / "ca.crt")}
    (tmp_path / "token").write_text("from-file\n")

    assert asked(cluster, {"token": "t0ken"}) == "Bearer t0ken"
    assert asked(cluster, {"token": "t0ken", "tokenFile": str(tmp_path / "token")}) == "Bearer from-file"


def test_another_name_for_the_server(keys: Path, server: str) -> None:
    cluster = {"server": server, "certificate-authority": str(keys / "ca.crt"), "tls-server-name": "api.example"}

    assert asked(cluster, {"token": "t"}) == "Bearer t"
    with pytest.raises(ClusterError, match="does not respond at"):
        asked({**cluster, "tls-server-name": "other.example"}, {})


def test_a_server_that_nobody_vouches_for(server: str) -> None:
    with pytest.raises(ClusterError, match=r"does not respond at.*certificate verify failed"):
        asked({"server": server}, {"token": "t"})

    assert asked({"server": server, "insecure-skip-tls-verify": True}, {"token": "t"}) == "Bearer t"


@pytest.mark.parametrize(
    ("cluster", "user"),
    [
        ({}, {"exec": {"command": "aws"}}),
        ({}, {"auth-provider": {"name": "oidc"}}),
        ({}, {"username": "u", "password": "p"}),
        ({"proxy-url": "socks5://here:1"}, {}),
        ({"server": "unix:///run/x"}, {}),
        ({"something-new": True}, {}),
    ],
)
def test_what_is_left_to_the_library(cluster: Mapping[str, Any], user: Mapping[str, Any]) -> None:
    assert direct(Access("one", "default", {"server": "https://a", **cluster}, user), {}) is None


@pytest.mark.parametrize(
    ("cluster", "user"),
    [
        ({"certificate-authority-data": "%%%"}, {}),
        ({"certificate-authority": "/missing.crt"}, {}),
        ({}, {"client-certificate-data": base64.b64encode(b"nothing").decode()}),
    ],
)
def test_what_is_broken(cluster: Mapping[str, Any], user: Mapping[str, Any]) -> None:
    with pytest.raises(ClusterError, match="the context one cannot be used"):
        direct(Access("one", "default", {"server": "https://a", **cluster}, user), {})


def test_a_token_that_is_gone(server: str) -> None:
    with pytest.raises(ClusterError, match="/missing: No such file"):
        asked({"server": server, "insecure-skip-tls-verify": True}, {"tokenFile": "/missing"})


def test_the_library_is_not_loaded() -> None:
    """It takes longer than everything that a run asks of a cluster."""
    script = (
        "import sys\n"
        "from stackferry.translator.cluster.connection import direct\n"
        "from stackferry.translator.cluster.kubeconfig import Access\n"
        "import stackferry.translator.cluster.client\n"
        "assert direct(Access('one', 'default', {'server': 'https://a'}, {'token': 't'}), {})\n"
        "assert 'kubernetes' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True)
