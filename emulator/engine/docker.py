"""The engine protocol on a real Docker Engine.

Works with engine 20.10 and 29: it uses the engine's own API version, asked once. Plain calls go straight to the API
(`api.py` over `transport.py`; `containers.py`, `images.py`, `networks.py`, `processes.py`); `sdk.py` is for calls that
need credentials or a build context. `decode.py` parses responses, `streams.py` reads those that come piece by piece.
Thread-safe.
"""

import os
from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Any

from stackferry.emulator.engine import decode as answer
from stackferry.emulator.engine.containers import ContainerCalls
from stackferry.emulator.engine.context import EngineAddress, engine_address
from stackferry.emulator.engine.docker_command import DockerCommand
from stackferry.emulator.engine.images import ImageCalls
from stackferry.emulator.engine.networks import NetworkCalls
from stackferry.emulator.engine.processes import ProcessCalls
from stackferry.emulator.engine.protocol import EngineError, EngineVersion
from stackferry.emulator.engine.transport import Transport


class DockerEngine(ContainerCalls, ImageCalls, NetworkCalls, ProcessCalls):
    """`protocol.Engine` on the Docker Engine at `host`; by default, the docker command's engine for `environment`.

    Raises EngineError if no usable address follows from that.
    """

    def __init__(self, host: str = "", environment: Mapping[str, str] = os.environ) -> None:
        self._address = EngineAddress(host) if host else engine_address(environment)
        _refuse_ssh(self._address.host)
        self.command = DockerCommand({**environment, "DOCKER_HOST": host} if host else environment)
        super().__init__(Transport(self._address.host, self._address.certificates, environment))
        self._version: EngineVersion | None = None

    @property
    def host(self) -> str:
        """Its address, as in DOCKER_HOST."""
        return self._address.host

    def close(self) -> None:
        """Close idle connections; the next call opens new ones."""
        self.transport.close()
        self._version = None
        self.forget_version()

    def version(self) -> EngineVersion:
        """The engine's version and properties; asked once per connection."""
        if self._version is None:
            self._version = answer.version(
                self.json("GET", "/info"), self.api_version, lambda: self.json("GET", "/version")
            )
        return self._version

    def sdk(self) -> AbstractContextManager[Any]:
        """The SDK's client, for a `with` block."""
        from stackferry.emulator.engine.sdk import sdk_client

        return sdk_client(self._address.host, self._address.certificates, self.api_version)


def _refuse_ssh(host: str) -> None:
    if host.startswith("ssh://"):
        raise EngineError(
            f"connecting to an engine over ssh is not supported: {host}",
            "forward its socket: ssh -nNT -L /tmp/docker.sock:/var/run/docker.sock"
            f" {host.removeprefix('ssh://')}, and set DOCKER_HOST=unix:///tmp/docker.sock",
        )
