"""Looks up networks and volumes on the engine by the names that a stack uses, each once per command.

`surroundings.py` checks whether they are foreign, `changed.py` whether they match the files.
"""

from functools import cache, partial

from stackferry.emulator.engine.protocol import Engine
from stackferry.emulator.engine.resources import VolumeInfo
from stackferry.emulator.webnet.network import network_called


class Present:
    """Cached lookups of one command: `network` and `volume` return None for a missing name. Raise EngineError."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.network = cache(partial(network_called, engine))
        self.volume = cache(partial(_volume_called, engine))


def _volume_called(engine: Engine, name: str) -> VolumeInfo | None:
    return engine.inspect_volume(name)
