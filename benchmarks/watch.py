"""Watches the containers with a label by the engine's events, since listing them would take engine time."""

import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

import docker


class Watch:
    """A `with` block that keeps two sets of container ids up to date: `there` has all, `running` the running ones."""

    def __init__(self, api: docker.APIClient, label: str) -> None:
        self.api, self.filters = api, {"label": label}
        self.there: set[str] = set()
        self.running: set[str] = set()
        self._news = threading.Condition()
        self._events: Any = None

    def __enter__(self) -> Self:
        self._events = self.api.events(decode=True, filters={**self.filters, "type": "container"})
        for container in self.api.containers(all=True, filters=self.filters):
            self.there.add(container["Id"])
            if container["State"] == "running":
                self.running.add(container["Id"])
        threading.Thread(target=self._follow, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._events.close()

    def until(self, wanted: Callable[[], bool], limit: float) -> float:
        """Wait until `wanted`; returns the time at which it became true. Raises TimeoutError."""
        with self._news:
            if not self._news.wait_for(wanted, limit):
                raise TimeoutError(f"{len(self.running)} run after {limit:.0f} s")
            return time.monotonic()

    def _follow(self) -> None:
        for event in self._events:
            with self._news:
                self._take_in(event["Action"], event["Actor"]["ID"])
                self._news.notify_all()

    def _take_in(self, action: str, container: str) -> None:
        match action:
            case "create":
                self.there.add(container)
            case "start":
                self.running.add(container)
            case "die":
                self.running.discard(container)
            case "destroy":
                self.there.discard(container)
