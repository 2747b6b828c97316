"""Plain calls of the Engine API, shared by the parts of the real engine, over `transport.py`.

Error responses become EngineError here, in the engine's own words.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote, urlencode

from stackferry.emulator.engine.decode import one_line
from stackferry.emulator.engine.protocol import EngineError
from stackferry.emulator.engine.streams import Connection
from stackferry.emulator.engine.transport import PATIENT, QUICK, Answer, Transport


class Api:
    """The Engine API at one address, with the engine's API version."""

    def __init__(self, transport: Transport) -> None:
        self.transport = transport
        self._api_version = ""

    @property
    def api_version(self) -> str:
        """The newest version that the engine supports, such as 1.41; asked once. Raises EngineError if none answers."""
        if not self._api_version:
            said = self.transport.request("GET", "/_ping")
            version = said.headers.get("Api-Version")
            if said.status >= 400 or not version:
                raise EngineError(f"no Docker daemon at {self.transport.host}: {_words(said.text, said.reason)}")
            self._api_version = version
        return self._api_version

    def forget_version(self) -> None:
        """Ask for the version again: another engine may answer now."""
        self._api_version = ""

    def api(self) -> tuple[int, ...]:
        """The API version as numbers, for comparison."""
        return tuple(int(part) for part in self.api_version.split("."))

    def call(
        self,
        method: str,
        path: str,
        params: Mapping[str, object] | None = None,
        body: Mapping[str, object] | bytes | Iterator[bytes] | None = None,
        timeout: float | None = QUICK,
        stream: bool = False,
    ) -> Answer:
        """One request. Raises EngineError with the engine's words for every status of 400 or more."""
        data = json.dumps(body).encode() if isinstance(body, Mapping) else body
        kind = "application/json" if isinstance(body, Mapping) else "application/x-tar"
        # Engines compress archives unless told not to.
        headers = {"Accept-Encoding": "identity", **({} if data is None else {"Content-Type": kind})}
        asked = f"?{urlencode(params, doseq=True)}" if params else ""
        said = self.transport.request(
            method, f"/v{self.api_version}{path}{asked}", headers, data, timeout, arriving=stream
        )
        if said.status >= 400:
            raise EngineError(_words(said.text, said.reason), status=said.status)
        return said

    def json(
        self,
        method: str,
        path: str,
        params: Mapping[str, object] | None = None,
        body: Mapping[str, object] | None = None,
        timeout: float | None = QUICK,
    ) -> Any:
        """The JSON body of a response."""
        return self.call(method, path, params, body, timeout).json()

    def open(
        self,
        method: str,
        path: str,
        params: Mapping[str, object] | None = None,
        body: Mapping[str, object] | None = None,
    ) -> Connection:
        """A response that is read piece by piece, for as long as it takes."""
        said = self.call(method, path, params, body, PATIENT, stream=True)
        assert said.arriving is not None
        return Connection(said.arriving)

    def find(self, path: str) -> Any:
        """The JSON of an object; None if there is no such object."""
        try:
            return self.json("GET", path)
        except EngineError as error:
            if error.status != 404:
                raise
            return None

    def gone(self, path: str, params: Mapping[str, object] | None = None) -> None:
        """Remove an object; no error if it is absent."""
        try:
            self.call("DELETE", path, params)
        except EngineError as error:
            if error.status != 404:
                raise


def quoted(text: str) -> str:
    """A name or id, quoted for a path."""
    return quote(text, safe="/:@")


def filters(labels: Mapping[str, str], more: Mapping[str, object] | None = None) -> str:
    """The API's filter for labels; an empty value matches any value."""
    chosen = [f"{key}={value}" if value else key for key, value in labels.items()]
    return json.dumps({**(more or {}), **({"label": chosen} if chosen else {})})


def _words(text: str, reason: str) -> str:
    try:
        return one_line(json.loads(text)["message"])
    except (ValueError, KeyError, TypeError, AttributeError):
        return text.strip() or reason
