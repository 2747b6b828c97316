"""Containers of the load-balanced network that a look at the engine finds and nobody wants. A part of `controller.py`.

A manager that died has left them: gates of services that are gone since, and helpers that were made and never started.
"""

import threading
from collections.abc import Callable, Container
from contextlib import suppress

from stackferry.emulator.engine.protocol import ContainerInfo, Engine, EngineError


class Leftovers:
    """What was found at the last look, until it is swept. `in_use` tells of a name whether it is a helper at work."""

    def __init__(self, engine: Engine, in_use: Callable[[str], bool] = lambda _: False) -> None:
        self._engine, self._in_use = engine, in_use
        self._found: dict[str, str] = {}

    def note(self, info: ContainerInfo) -> None:
        """One that was found."""
        self._found[info.name] = info.id

    def sweep(self, wanted: Container[str]) -> list[threading.Thread]:
        """Remove all but those of these names, in the background: by these threads."""
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
        """Remove one, if the engine lets us."""
        with suppress(EngineError):
            self._engine.remove(container)
