"""Containers and their events on the real engine: a part of `engine.DockerEngine`."""

import threading
import time
from collections.abc import Mapping
from contextlib import suppress

from stackferry.emulator.engine import decode as answer
from stackferry.emulator.engine.api import Api, filters, quoted
from stackferry.emulator.engine.protocol import ContainerInfo, EngineError, EngineEvent
from stackferry.emulator.engine.streams import JsonStream
from stackferry.emulator.engine.transport import PATIENT

_EVENTS = {
    "type": ["container", "network"],
    # health_status makes the engine compare by prefix; without a filter, each health check sends three exec events.
    "event": [
        *("create", "start", "die", "health_status", "destroy", "oom", "stop", "kill", "pause", "unpause", "rename"),
        *("connect", "disconnect"),
    ],
}


_NETWORK_EVENTS = {"type": ["network", "volume"], "event": ["connect", "disconnect", "destroy"]}


class ContainerCalls(Api):
    """The calls of `protocol.Engine` about containers."""

    def create(self, name: str, body: Mapping[str, object], platform: str = "") -> str:
        """Create a container; returns its id."""
        params = {"name": name, **({"platform": platform} if platform else {})}
        return str(self.json("POST", "/containers/create", params, body)["Id"])

    def start(self, container: str) -> None:
        """Start it."""
        self.call("POST", f"/containers/{quoted(container)}/start")

    def stop(self, container: str, signal: str = "", grace: float = 10.0) -> None:
        """Stop it. The API has whole seconds only, and the signal from 1.42 on: all else is done by hand."""
        path = f"/containers/{quoted(container)}"
        if float(grace).is_integer() and (not signal or self.api() >= (1, 42)):
            params = {"t": int(grace), **({"signal": signal} if signal else {})}
            self.call("POST", f"{path}/stop", params, timeout=PATIENT)
            return
        config = self.json("GET", f"{path}/json")["Config"]
        waiting = threading.Thread(target=self._end, args=(container, gone := threading.Event()), daemon=True)
        if self._signal(container, signal or config.get("StopSignal") or "SIGTERM"):
            waiting.start()
            if not gone.wait(grace):
                self._signal(container, "SIGKILL")
            waiting.join()

    def _end(self, container: str, gone: threading.Event) -> None:
        with suppress(EngineError):  # removed meanwhile
            self.wait(container)
        gone.set()

    def _signal(self, container: str, signal: str) -> bool:
        """Send a signal; returns whether the container existed."""
        try:
            self.kill(container, signal)
        except EngineError as error:
            if error.status not in {404, 409}:
                raise
            return False
        return True

    def kill(self, container: str, signal: str = "SIGKILL") -> None:
        """Send a signal."""
        self.call("POST", f"/containers/{quoted(container)}/kill", {"signal": signal})

    def rename(self, container: str, name: str) -> None:
        """Rename it."""
        self.call("POST", f"/containers/{quoted(container)}/rename", {"name": name})

    def pause(self, container: str) -> None:
        """Pause its processes."""
        self.call("POST", f"/containers/{quoted(container)}/pause")

    def unpause(self, container: str) -> None:
        """Unpause its processes."""
        self.call("POST", f"/containers/{quoted(container)}/unpause")

    def remove(self, container: str) -> None:
        """Remove it, running or not, with its anonymous volumes. When this returns it is gone, whoever removed it."""
        path = f"/containers/{quoted(container)}"
        try:
            self.gone(path, {"force": 1, "v": 1})
        except EngineError as error:
            if error.status != 409 or "is already in progress" not in error.message:
                raise
            self._until_gone(path)

    def _until_gone(self, path: str) -> None:
        try:
            self.call("POST", f"{path}/wait", {"condition": "removed"})
        except EngineError as error:
            if error.status != 404:
                raise

    def wait(self, container: str) -> int:
        """Block until it ends."""
        answered = self.json("POST", f"/containers/{quoted(container)}/wait", timeout=PATIENT)
        return int(answered["StatusCode"])

    def inspect(self, container: str) -> ContainerInfo | None:
        """The container as it is now."""
        found = self.find(f"/containers/{quoted(container)}/json")
        return None if found is None else answer.container(found)

    def containers(self, labels: Mapping[str, str]) -> list[ContainerInfo]:
        """All containers with these labels: one list of ids, and one inspection of each."""
        rows = self.json("GET", "/containers/json", {"all": 1, "filters": filters(labels)})
        return [info for row in rows if (info := self.inspect(row["Id"]))]

    def running(self, labels: Mapping[str, str]) -> list[ContainerInfo]:
        """The running containers, as a list reports them."""
        rows = self.json("GET", "/containers/json", {"filters": filters(labels)})
        return [answer.listed(row) for row in rows]

    def events(self, since: float | None, labels: Mapping[str, str]) -> JsonStream[EngineEvent]:
        """The events from a given moment, at the latest from now: so none is lost while the subscription starts."""
        since = time.time() if since is None else since
        params = {"since": f"{since:.9f}", "filters": filters(labels, _EVENTS)}
        return JsonStream(self.open("GET", "/events", params), answer.event)

    def network_events(self, since: float | None) -> JsonStream[EngineEvent]:
        """The events of networks and volumes. The engine selects by container labels, which these events lack."""
        since = time.time() if since is None else since
        params = {"since": f"{since:.9f}", "filters": filters({}, _NETWORK_EVENTS)}
        return JsonStream(self.open("GET", "/events", params), answer.event)
