"""The only module that uses the kubernetes library: valid, broken and missing kubeconfigs, and invalid answers."""

import http.server
import json
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from stackferry.translator.cluster.client import connect, together
from stackferry.translator.cluster.errors import ClusterError

pytest.importorskip("kubernetes")


class Server(http.server.BaseHTTPRequestHandler):
    """Says what it was asked, and refuses what is called so."""

    def do_GET(self) -> None:
        self._answer()

    def do_PATCH(self) -> None:
        self._answer()

    def _answer(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        heard = {
            "method": self.command,
            "path": self.path,
            "login": self.headers.get("authorization"),
            "form": self.headers.get("Content-Type"),
            "body": self.rfile.read(length).decode(),
        }
        status = 403 if "refused" in self.path else 502 if "odd" in self.path else 200
        said = {"reason": "Forbidden", "message": "no"} if status == 403 else heard
        text = "<html>" if status == 502 else json.dumps(said)
        self.send_response(status)
        self.send_header("Content-Type", "text/plain" if "log" in self.path else "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_: Any) -> None: ...


@pytest.fixture
def kubeconfig(tmp_path: Path) -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield str(written(tmp_path, f"http://127.0.0.1:{server.server_port}"))
    server.shutdown()
    server.server_close()


def written(folder: Path, server: str) -> Path:
    path = folder / "kubeconfig"
    config = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "c", "cluster": {"server": server}}],
        "users": [{"name": "u", "user": {"token": "t0ken"}}],
        "contexts": [
            {"name": "one", "context": {"cluster": "c", "user": "u", "namespace": "mine"}},
            {"name": "two", "context": {"cluster": "c", "user": "u"}},
        ],
    }
    path.write_text(json.dumps(config))
    return path


def test_the_namespace_of_a_context(kubeconfig: str) -> None:
    assert connect("one", kubeconfig).namespace == "mine"


def test_a_request_logs_in_and_sends_what_it_is_given(kubeconfig: str) -> None:
    client = connect("one", kubeconfig)

    heard = client.request("PATCH", "/api/x", body={"a": "ä"}, form="application/apply-patch+yaml", force="true")

    assert heard == {
        "method": "PATCH",
        "path": "/api/x?force=true",
        "login": "Bearer t0ken",
        "form": "application/apply-patch+yaml",
        "body": '{"a": "ä"}',
    }


def test_text_stays_text(kubeconfig: str) -> None:
    assert isinstance(connect("one", kubeconfig).request("GET", "/log"), str)


@pytest.mark.parametrize(("path", "message"), [("/refused", "look: no"), ("/odd", "look: <html>")])
def test_refusals(kubeconfig: str, path: str, message: str) -> None:
    with pytest.raises(ClusterError, match=message):
        connect("one", kubeconfig).request("GET", path, what="look")


def test_a_cluster_that_does_not_answer(tmp_path: Path) -> None:
    client = connect("one", str(written(tmp_path, "http://127.0.0.1:1")))

    with pytest.raises(ClusterError, match="context one does not respond at"):
        client.request("GET", "/api")


def by_a_program(folder: Path, kubeconfig: str, script: str) -> str:
    """The kubeconfig of somebody whom a program logs in, as that of most clouds does."""
    program = folder / "login"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    config = json.loads(Path(kubeconfig).read_text())
    version = "client.authentication.k8s.io/v1"
    called = {"apiVersion": version, "command": str(program), "interactiveMode": "Never"}
    config["users"] = [{"name": "u", "user": {"exec": called}}]
    path = folder / "by-a-program"
    path.write_text(json.dumps(config))
    return str(path)


def test_a_program_that_logs_in_is_left_to_the_library(kubeconfig: str, tmp_path: Path) -> None:
    said = {"apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential", "status": {"token": "fr3sh"}}
    client = connect("two", by_a_program(tmp_path, kubeconfig, f"echo '{json.dumps(said)}'"))

    assert client.request("GET", "/api")["login"] == "Bearer fr3sh"
    assert client.namespace == "default"


def test_without_the_library_who_needs_it_is_told(
    kubeconfig: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "kubernetes", None)

    with pytest.raises(ClusterError, match="the context two needs the package kubernetes"):
        connect("two", by_a_program(tmp_path, kubeconfig, "exit 1"))
    assert connect("two", kubeconfig).request("GET", "/api")["login"] == "Bearer t0ken"


def test_a_context_that_is_not_there(kubeconfig: str) -> None:
    with pytest.raises(ClusterError, match="no context 'three'") as error:
        connect("three", kubeconfig)

    assert error.value.hint == "it has: one, two"


def test_calls_at_the_same_time_keep_their_order() -> None:
    assert together([lambda: 1, lambda: 2]) == [1, 2]
