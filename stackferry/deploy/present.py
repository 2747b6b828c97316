"""Networks and volumes that an engine has by the names of a stack's: each looked at once in a command.

`surroundings.py` asks whether they are somebody else's, `changed.py` whether they are as the files say.
"""

from functools import cache, partial

from stackferry.emulator.engine.protocol import Engine
from stackferry.emulator.engine.resources import VolumeInfo
from stackferry.emulator.webnet.network import network_called


class Present:
    """Looks of one command: `network` and `volume` give what there is of a name, or None. Raise EngineError."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.network = cache(partial(network_called, engine))
        self.volume = cache(partial(_volume_called, engine))


def _volume_called(engine: Engine, name: str) -> VolumeInfo | None:
    return engine.inspect_volume(name)
