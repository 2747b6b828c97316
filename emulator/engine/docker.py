"""The engine protocol on a real Docker Engine, over the SDK's low-level client. The only file that imports `docker`.

Works with engine 20.10 and 29: the API version is negotiated once. Plain calls go straight to the API
(`api.py`; `containers.py`, `images.py`, `networks.py`, `processes.py`). `decode.py` reads what comes back, `streams.py`
what comes piece by piece. Safe for many threads.
"""

import importlib
import os
import re
import socket
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, closing, contextmanager
from typing import Any

from stackferry.emulator.engine import decode as answer
from stackferry.emulator.engine.api import QUICK
from stackferry.emulator.engine.containers import ContainerCalls
from stackferry.emulator.engine.context import engine_address
from stackferry.emulator.engine.docker_command import DockerCommand
from stackferry.emulator.engine.images import ImageCalls
from stackferry.emulator.engine.networks import NetworkCalls
from stackferry.emulator.engine.processes import ProcessCalls
from stackferry.emulator.engine.protocol import EngineAwayError, EngineError, EngineVersion

_CONNECTIONS = 64


class DockerEngine(ContainerCalls, ImageCalls, NetworkCalls, ProcessCalls):
    """`protocol.Engine` on the Docker Engine at `host`: by default where the docker command would go in `environment`.

    Raises EngineError where that says nothing that can be used.
    """

    def __init__(self, host: str = "", environment: Mapping[str, str] = os.environ) -> None:
        place: tuple[str, Any] = (host, None) if host else _place(environment)
        self.host, self._tls = place
        self.command = DockerCommand({**environment, "DOCKER_HOST": host} if host else environment)
        self._opened: Any = None
        self._version: EngineVersion | None = None
        self._lock = threading.Lock()

    @property
    def client(self) -> Any:
        """The SDK's client; opened by the first call."""
        with self._lock:
            if self._opened is None:
                self._opened = _open(self.host, self._tls)
            return self._opened

    def close(self) -> None:
        """Give the connections back; the next call opens new ones."""
        with self._lock:
            if self._opened is not None:
                self._opened.close()
                self._opened = self._version = None

    def refusals(self) -> AbstractContextManager[None]:
        """Turns the failures of the connection into EngineError."""
        return _refusals(self.host)

    def version(self) -> EngineVersion:
        """What engine answers; asked once a connection."""
        if self._version is None:
            self._version = answer.version(self.json("GET", "/version"), self.json("GET", "/info"))
        return self._version

    def another_client(self) -> Any:
        """One more of the SDK's clients: a build changes what it sends with each call."""
        return _open(self.host, self._tls)


def _load_sdk() -> None:
    """Load the SDK without its way over ssh, which is not used: what that needs takes as long as all the rest."""
    if not {"docker", _SSH}.isdisjoint(sys.modules):
        return
    # So it finds what it needs for that not installed.
    sys.modules[_SSH] = None  # type: ignore[assignment]
    try:
        importlib.import_module("docker")
    finally:
        del sys.modules[_SSH]


_SSH = "paramiko"


def _place(environment: Mapping[str, str]) -> tuple[str, Any]:
    """Where the docker command would go, and with what TLS."""
    _load_sdk()
    import docker

    found = engine_address(environment)
    _refuse_ssh(found.host)
    if found.certificates is None:
        return found.host, None
    ca, cert, key = (str(path) for path in found.certificates.paths)
    try:
        tls = docker.tls.TLSConfig((cert, key), ca, verify=found.certificates.verify)
    except docker.errors.TLSParameterError as error:
        where = found.certificates.folder
        raise EngineError(f"{where}: {error.msg.splitlines()[0]}", "it holds ca.pem, cert.pem and key.pem") from error
    return found.host, tls


def _refuse_ssh(host: str) -> None:
    if host.startswith("ssh://"):
        raise EngineError(
            f"no way to an engine over ssh: {host}",
            f"lead its socket here: ssh -nNT -L /tmp/docker.sock:/var/run/docker.sock {host.removeprefix('ssh://')}, "
            "and set DOCKER_HOST=unix:///tmp/docker.sock",
        )


def _open(host: str, tls: Any) -> Any:
    """An APIClient whose connections to a socket come from one pool. Raises EngineError if nothing answers there."""
    _load_sdk()
    import docker
    from docker.transport import UnixHTTPAdapter

    class OnePool(UnixHTTPAdapter):  # type: ignore[misc]
        # The SDK keeps one pool per URL and closes the oldest of 25: slow, and unsafe for many threads.
        def get_connection(self, url: str, proxies: object = None) -> Any:  # noqa: ARG002
            return super().get_connection("http+docker://localhost", proxies)

    class Client(docker.APIClient):  # type: ignore[misc]
        # The SDK leaves the connection of a pull, push or build to the garbage collector.
        def _stream_helper(self, response: Any, decode: bool = False) -> Iterator[Any]:
            with closing(response):
                yield from super()._stream_helper(response, decode)

    if host.startswith("unix://"):
        with socket.socket(socket.AF_UNIX) as probe:  # the SDK leaks the socket on which this fails
            try:
                probe.connect(host.removeprefix("unix://"))
            except OSError as error:
                raise _unreachable(host, error) from error
    with _refusals(host):
        client = Client(base_url=host, tls=tls or False, timeout=QUICK, version="1.41")
        # Else requests takes REQUESTS_CA_BUNDLE before the engine's own CA.
        client.trust_env = not tls
        if host.startswith("unix://"):
            path = "http+unix://" + host.removeprefix("unix://")
            client._custom_adapter = OnePool(path, QUICK, max_pool_size=_CONNECTIONS)
            client.mount("http+docker://", client._custom_adapter)
            client.trust_env = False
        client._version = client.version(api_version=False)["ApiVersion"]
    return client


@contextmanager
def _refusals(host: str) -> Iterator[None]:
    """Turn the failures of the SDK and of the connection into EngineError."""
    _load_sdk()
    import docker
    from docker.transport import unixconn

    # The SDK's own libraries raise through it.
    requests, urllib3 = unixconn.requests, unixconn.urllib3
    try:
        yield
    except docker.errors.APIError as error:
        raise EngineError(str(error.explanation or error), status=error.status_code or 0) from error
    except requests.exceptions.ReadTimeout as error:
        raise EngineError(f"the engine at {host} did not answer in time", "look at its log; it may hang") from error
    except (requests.exceptions.RequestException, docker.errors.DockerException, urllib3.exceptions.HTTPError) as error:
        raise _unreachable(host, error) from error
    except OSError as error:  # of files of ours, such as a build context
        raise EngineError(str(error)) from error


def _unreachable(host: str, error: Exception) -> EngineError:
    if "Permission denied" in str(error):
        hint = "add yourself to the group docker (usermod -aG docker $USER, then log in again), or run as root"
        return EngineError(f"no permission to talk to the Docker daemon at {host}", hint)
    if found := re.search(r"\[SSL: [A-Z_0-9]+\] ([^(]*)", str(error)):
        hint = "DOCKER_CERT_PATH or the docker context holds the certificates: ca.pem, cert.pem and key.pem"
        return EngineError(f"no secure connection to the Docker daemon at {host}: {found[1].strip()}", hint)
    hint = "start it (systemctl start docker, or Docker Desktop), or point DOCKER_HOST at one that runs"
    return EngineAwayError(f"cannot connect to the Docker daemon at {host}: is the Docker daemon running?", hint)
