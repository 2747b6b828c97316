"""Docker's SDK, for what it knows better than we: credentials of registries, and contexts of builds.

The only file that imports `docker`. Plain calls go without it (`transport.py`): to load it takes longer than most
commands take.
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
    """An APIClient for a `with` block; what fails in it on the way to the engine becomes EngineError."""
    _load_sdk()
    import docker
    from docker.transport import unixconn

    # The SDK's own libraries raise through it.
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
    except OSError as error:  # of files of ours, such as a build context
        raise EngineError(str(error)) from error


def _client(host: str, certificates: Certificates | None, api: str) -> Any:
    import docker

    tls = None
    if certificates is not None:
        ca, cert, key = (str(path) for path in certificates.paths)
        tls = docker.tls.TLSConfig((cert, key), ca, verify=certificates.verify)
    client = docker.APIClient(base_url=host, tls=tls or False, timeout=QUICK, version=api)
    # Else requests takes REQUESTS_CA_BUNDLE before the engine's own CA, and a proxy for a socket.
    client.trust_env = not tls and not host.startswith("unix://")
    return client


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
