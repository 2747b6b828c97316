"""Unwanted containers of the load-balanced network that a survey of the engine finds. A part of `controller.py`.

A manager that died left them: gates of services that are gone, and helpers that were created and never started.
"""

import threading
from collections.abc import Callable, Container
from contextlib import suppress

from stackferry.emulator.engine.protocol import ContainerInfo, Engine, EngineError


class Leftovers:
    """What the last survey found, until it is removed. `in_use` tells whether a name is that of a running helper."""

    def __init__(self, engine: Engine, in_use: Callable[[str], bool] = lambda _: False) -> None:
        self._engine, self._in_use = engine, in_use
        self._found: dict[str, str] = {}

    def note(self, info: ContainerInfo) -> None:
        """Note a container that was found."""
        self._found[info.name] = info.id

    def sweep(self, wanted: Container[str]) -> list[threading.Thread]:
        """Remove all but the named ones in the background; returns the threads that do so."""
        found, self._found = self._found, {}
        threads = [
            threading.Thread(target=self.remove, args=(container,), daemon=True)
            for name, container in found.items()
            if name not in wanted and not self._in_use(name)
        ]
        for thread in threads:
            thread.start()
        return threads

    def remove(self, container: str) -> None:
        """Remove a container, if the engine allows it."""
        with suppress(EngineError):
            self._engine.remove(container)
