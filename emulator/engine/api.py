"""Plain calls of the Engine API over HTTP. What the parts of the real engine share; `docker.py` opens the connection.

Refusals become EngineError here, in the engine's own words.
"""

import json
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from typing import Any
from urllib.parse import quote

from stackferry.emulator.engine.decode import one_line
from stackferry.emulator.engine.protocol import EngineError
from stackferry.emulator.engine.streams import Connection

QUICK, PATIENT = 120.0, None
"""How long a call may take: one that the engine answers by itself, and one that waits for a process."""


class Api(ABC):
    """An API of one version at one place."""

    @property
    @abstractmethod
    def client(self) -> Any:
        """The SDK's APIClient: a session of requests that knows `base_url` and `api_version`."""

    @abstractmethod
    def refusals(self) -> AbstractContextManager[None]:
        """Turns the failures of the connection into EngineError."""

    def api(self) -> tuple[int, ...]:
        """The version, to compare."""
        return tuple(int(part) for part in self.client.api_version.split("."))

    def call(
        self,
        method: str,
        path: str,
        params: Mapping[str, object] | None = None,
        body: Mapping[str, object] | bytes | Iterator[bytes] | None = None,
        timeout: float | None = QUICK,
        stream: bool = False,
    ) -> Any:
        """One request. Raises EngineError with the engine's words for every status from 400 on."""
        client = self.client
        data = json.dumps(body).encode() if isinstance(body, Mapping) else body
        kind = "application/json" if isinstance(body, Mapping) else "application/x-tar"
        with self.refusals():
            response = client.request(
                method,
                f"{client.base_url}/v{client.api_version}{path}",
                params=params,
                data=data,
                # What comes piece by piece is read as it comes, and an engine compresses archives if it may.
                headers={"Accept-Encoding": "identity", **({} if data is None else {"Content-Type": kind})},
                timeout=timeout,
                stream=stream,
            )
            if response.status_code >= 400:
                raise EngineError(_words(response.text, response.reason), status=response.status_code)
            return response

    def json(
        self,
        method: str,
        path: str,
        params: Mapping[str, object] | None = None,
        body: Mapping[str, object] | None = None,
        timeout: float | None = QUICK,
    ) -> Any:
        """The JSON of an answer."""
        return self.call(method, path, params, body, timeout).json()

    def open(
        self,
        method: str,
        path: str,
        params: Mapping[str, object] | None = None,
        body: Mapping[str, object] | None = None,
    ) -> Connection:
        """An answer that comes piece by piece, for as long as it takes."""
        return Connection(self.call(method, path, params, body, PATIENT, stream=True))

    def find(self, path: str) -> Any:
        """The JSON of something; None if there is no such thing."""
        try:
            return self.json("GET", path)
        except EngineError as error:
            if error.status != 404:
                raise
            return None

    def gone(self, path: str, params: Mapping[str, object] | None = None) -> None:
        """Remove something; no error if it is absent."""
        try:
            self.call("DELETE", path, params)
        except EngineError as error:
            if error.status != 404:
                raise


def quoted(text: str) -> str:
    """A name or id as part of a path."""
    return quote(text, safe="/:@")


def filters(labels: Mapping[str, str], more: Mapping[str, object] | None = None) -> str:
    """The API's filter for labels; an empty value means any."""
    chosen = [f"{key}={value}" if value else key for key, value in labels.items()]
    return json.dumps({**(more or {}), **({"label": chosen} if chosen else {})})


def _words(text: str, reason: str) -> str:
    try:
        return one_line(json.loads(text)["message"])
    except (ValueError, KeyError, TypeError, AttributeError):
        return text.strip() or reason
