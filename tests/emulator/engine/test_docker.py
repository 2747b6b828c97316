"""What only the real engine does: connections, streams, images. The common part is in test_protocol.py."""

import json
import shutil
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from stackferry.emulator.engine.docker import DockerEngine
from stackferry.emulator.engine.protocol import ContainerInfo, Engine, EngineError
from stackferry.emulator.fake.behaviour import Behaviour
from tests.engine.place import RealPlace, refusal


@pytest.fixture
def real(engine: DockerEngine, image: str) -> Iterator[RealPlace]:
    place = RealPlace(engine, image)
    yield place
    place.close()


def test_no_engine_is_told_with_what_to_do(tmp_path: Path) -> None:
    error = refusal(DockerEngine(f"unix://{tmp_path}/docker.sock").version)

    assert error.status == 0
    assert error.message == (
        f"cannot connect to the Docker daemon at unix://{tmp_path}/docker.sock: is the Docker daemon running?"
    )
    assert "systemctl start docker" in error.hint
    assert "DOCKER_HOST" in error.hint


def test_the_environment_says_where_the_engine_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", "unix:///somewhere/docker.sock")

    assert DockerEngine().host.endswith("/somewhere/docker.sock")


def test_ssh_and_certificates_that_are_not_there_are_told(tmp_path: Path) -> None:
    error = refusal(lambda: DockerEngine(environment={"DOCKER_HOST": "ssh://me@far"}))
    assert error.message == "connecting to an engine over ssh is not supported: ssh://me@far"
    assert "ssh -nNT -L /tmp/docker.sock:/var/run/docker.sock me@far" in error.hint

    asked = {"DOCKER_HOST": "tcp://10.1.2.3:1", "DOCKER_TLS_VERIFY": "1", "DOCKER_CERT_PATH": str(tmp_path)}
    error = refusal(DockerEngine(environment=asked).version)
    assert error.message.startswith(f"{tmp_path}: ")
    assert "ca.pem" in error.hint


class Secure(BaseHTTPRequestHandler):
    """An engine that says its version."""

    def do_GET(self) -> None:
        body = json.dumps({"ServerVersion": "20.10.24"}).encode()
        self.send_response(200)
        self.send_header("Api-Version", "1.41")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl here to make certificates")
def test_an_engine_with_tls_is_checked_with_its_own_ca(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever CAs the machine trusts otherwise."""
    for folder in ("right", "wrong"):
        (tmp_path / folder).mkdir()
        words = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=e -addext subjectAltName=IP:127.0.0.1"
        files = ["-keyout", str(tmp_path / folder / "key.pem"), "-out", str(tmp_path / folder / "cert.pem")]
        subprocess.run([*words.split(), *files], check=True, capture_output=True)
        shutil.copy(tmp_path / folder / "cert.pem", tmp_path / folder / "ca.pem")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "wrong" / "ca.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "right" / "cert.pem", tmp_path / "right" / "key.pem")
    with ThreadingHTTPServer(("127.0.0.1", 0), Secure) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        asked = {"DOCKER_HOST": f"tcp://127.0.0.1:{server.server_port}", "DOCKER_TLS_VERIFY": "1"}

        with closing(DockerEngine(environment={**asked, "DOCKER_CERT_PATH": str(tmp_path / "right")})) as engine:
            assert engine.version().version == "20.10.24"
            with engine.sdk() as client:
                assert client.info()["ServerVersion"] == "20.10.24"
        wrong = DockerEngine(environment={**asked, "DOCKER_CERT_PATH": str(tmp_path / "wrong")})
        error = refusal(wrong.version)
        server.shutdown()

    assert "no secure connection" in error.message
    assert "certificate verify failed" in error.message
    assert "DOCKER_CERT_PATH" in error.hint


def test_the_version(engine: DockerEngine) -> None:
    connection: Engine = engine
    found = connection.version()

    assert found.cpus >= 1
    assert found.memory > 1 << 20
    assert float(found.api) >= 1.4


def test_calls_from_many_threads(real: RealPlace) -> None:
    def life(number: int) -> int:
        made = real.make(f"c{number}", Behaviour(lives=0.0, exit=number))
        real.engine.start(made)
        code = real.engine.wait(made)
        real.engine.remove(made)
        return code

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(life, range(16))) == list(range(16))

    names = [f"{real.name('absent')}{number}" for number in range(300)]
    with ThreadPoolExecutor(32) as pool:
        assert set(pool.map(real.engine.inspect, names)) == {None}


def test_what_several_remove_at_once_is_gone_for_each_of_them(real: RealPlace) -> None:
    def life(made: str) -> ContainerInfo | None:
        real.engine.remove(made)
        return real.engine.inspect(made)

    with ThreadPoolExecutor(4) as pool:
        for number in range(4):
            real.engine.start(made := real.make(f"c{number}"))
            assert list(pool.map(life, [made] * 4)) == [None] * 4


def test_a_flow_is_closed_while_somebody_waits_in_it(real: RealPlace) -> None:
    real.engine.start(made := real.make("one"))
    for flow in (real.engine.events(None, real.labels), real.engine.logs(made, follow=True)):
        reader = threading.Thread(target=lambda flow=flow: list(flow))
        reader.start()
        time.sleep(0.05)  # it should be waiting by now; if it is not, the test is merely easier
        flow.close()
        reader.join(5)
        assert not reader.is_alive()
        flow.close()


def test_events_of_an_engine_that_goes_away(tmp_path: Path) -> None:
    """A server that answers as an engine does, sends one event and hangs up."""
    path = f"{tmp_path}/e.sock"
    event = b'{"Type":"container","Action":"start","Actor":{"ID":"c1","Attributes":{"name":"n"}},"timeNano":1}\n'
    replies = [
        b"HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\nContent-Length: 2\r\nConnection: close\r\n\r\nOK",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"%x\r\n%s\r\n" % (len(event), event),
    ]

    def serve(server: socket.socket) -> None:
        for reply in replies:
            connection, _ = server.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(reply)

    with socket.socket(socket.AF_UNIX) as server:
        server.bind(path)
        server.listen()
        serving = threading.Thread(target=serve, args=(server,))
        serving.start()
        engine = DockerEngine(f"unix://{path}")
        flow = engine.events(None, {})
        assert next(flow).kind == "start"
        with pytest.raises(EngineError) as caught:
            next(flow)
        assert caught.value.status == 0
        serving.join()
        flow.close()
        engine.close()


def test_health_checks_and_execs_make_no_events(real: RealPlace) -> None:
    real.engine.start(made := real.make("one", Behaviour(health=((0.0, "healthy"),))))
    real.until(lambda: real.look(made).health == "healthy")
    real.engine.exec(made, ["true"])
    real.engine.kill(made)
    real.until(lambda: "die" in real.story(made))

    # The kill may hit a check that runs, which is a failed one: of that there may be an event.
    assert [kind for kind in real.story(made) if kind != "health"] == ["create", "start", "die"]


def test_input_and_large_output(real: RealPlace) -> None:
    real.engine.start(made := real.make("one"))
    data = bytes(range(256)) * 8192

    result = real.engine.exec(made, ["cat"], stdin=data)

    assert (result.exit_code, result.stdout == data, result.stderr) == (0, True, b"")


def test_a_command_that_does_not_exist(real: RealPlace) -> None:
    real.engine.start(made := real.make("one"))

    result = real.engine.exec(made, ["no-such-command"])

    assert result.exit_code in {126, 127}
    assert b"executable file not found" in result.stdout + result.stderr


def test_a_command_of_nobody(real: RealPlace) -> None:
    real.engine.start(made := real.make("one"))

    result = real.engine.exec(made, ["true"], user="nobody9")

    assert (result.exit_code, b"unable to find user nobody9" in result.stdout) == (126, True)


def test_user_directory_and_environment_of_a_command(real: RealPlace) -> None:
    real.engine.start(made := real.make("one"))

    result = real.engine.exec(made, ["sh", "-c", "id -u; pwd; echo $A"], user="7", workdir="/tmp", env=["A=b"])

    assert result.stdout == b"7\n/tmp\nb\n"


def test_a_terminal(real: RealPlace) -> None:
    real.engine.start(made := real.make("one"))
    session = real.engine.exec_stream(made, ["sh", "-c", "read x; stty size; exit 5"], tty=True)
    session.resize(20, 50)
    session.write(b"go\n")

    said = b""
    while (piece := session.read()) is not None:
        said += piece[1]

    assert b"20 50\r\n" in said
    assert session.exit_code() == 5
    session.close()


def test_attach(real: RealPlace) -> None:
    made = real.engine.create(
        real.name("one"), {**real.body(Behaviour()), "Cmd": ["cat"], "OpenStdin": True, "StdinOnce": True}
    )
    session = real.engine.attach(made)
    real.engine.start(made)

    session.write(b"hello\n")
    session.end_input()

    assert session.read() == ("stdout", b"hello\n")
    assert session.read() is None
    assert session.exit_code() == 0
    session.close()


def test_output_of_a_terminal_and_long_lines(real: RealPlace) -> None:
    command = ["sh", "-c", "echo one; head -c 50000 /dev/zero | tr '\\0' x; echo; printf end"]
    for tty in (True, False):
        made = real.engine.create(real.name(f"c{tty}"), {**real.body(Behaviour()), "Cmd": command, "Tty": tty})
        real.engine.start(made)
        assert real.engine.wait(made) == 0

        lines = [line for _, line in real.engine.logs(made)]

        assert [len(line) for line in lines] == [3, 50000, 3]


def test_a_pull_that_fails(engine: DockerEngine) -> None:
    error = refusal(lambda: engine.pull("localhost:1/absent:1"))

    assert "connection refused" in error.message
    assert "Client Error" not in error.message


def test_refusals_are_the_engines_own_words(engine: DockerEngine) -> None:
    error = refusal(lambda: engine.create_network("bridge", {}))

    assert (error.status, error.message) == (403, "operation is not permitted on predefined bridge network")


def test_what_the_sdk_needs_for_ssh_is_not_loaded_and_can_be_by_others() -> None:
    script = (
        "import sys; from stackferry.emulator.engine.sdk import _load_sdk; _load_sdk(); "
        "print('docker.api.client' in sys.modules, 'paramiko' in sys.modules); import paramiko; _load_sdk()"
    )

    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert done.stdout.split() == ["True", "False"]
