"""Docker's SDK, for what it does better than we: registry credentials and build contexts.

The only file that imports `docker`. Plain calls avoid it (`transport.py`): loading it takes longer than most commands.
"""

import importlib
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

from stackferry.emulator.engine.context import Certificates
from stackferry.emulator.engine.protocol import EngineError
from stackferry.emulator.engine.transport import QUICK, unreachable

_SSH = "paramiko"


@contextmanager
def sdk_client(host: str, certificates: Certificates | None, api: str) -> Iterator[Any]:
    """An APIClient for a `with` block; connection errors in the block become EngineError."""
    _load_sdk()
    import docker
    from docker.transport import unixconn

    # The SDK passes on exceptions of its own libraries.
    requests, urllib3 = unixconn.requests, unixconn.urllib3
    try:
        with closing(_client(host, certificates, api)) as client:
            yield client
    except docker.errors.APIError as error:
        raise EngineError(str(error.explanation or error), status=error.status_code or 0) from error
    except requests.exceptions.ReadTimeout as error:
        raise EngineError(
            f"the engine at {host} did not answer in time", "check the engine's log; it may hang"
        ) from error
    except (requests.exceptions.RequestException, docker.errors.DockerException, urllib3.exceptions.HTTPError) as error:
        raise unreachable(host, error) from error
    except OSError as error:  # of local files, such as a build context
        raise EngineError(str(error)) from error


def _client(host: str, certificates: Certificates | None, api: str) -> Any:
    import docker

    tls = None
    if certificates is not None:
        ca, cert, key = (str(path) for path in certificates.paths)
        tls = docker.tls.TLSConfig((cert, key), ca, verify=certificates.verify)
    client = docker.APIClient(base_url=host, tls=tls or False, timeout=QUICK, version=api)
    # Otherwise requests prefers REQUESTS_CA_BUNDLE to the engine's CA, and uses a proxy for a socket.
    client.trust_env = not tls and not host.startswith("unix://")
    return client


def _load_sdk() -> None:
    """Load the SDK without its ssh support, which is not used: its imports take as long as all the rest."""
    if not {"docker", _SSH}.isdisjoint(sys.modules):
        return
    # Makes the SDK believe that its ssh library is not installed.
    sys.modules[_SSH] = None  # type: ignore[assignment]
    try:
        importlib.import_module("docker")
    finally:
        del sys.modules[_SSH]
