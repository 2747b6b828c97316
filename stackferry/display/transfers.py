"""Progress of image transfers: a redrawn line per image on a terminal; elsewhere only the start is shown.

Part of `stackferry/images/transfer.py`, which reports layers from several threads.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import field

from stackferry.display.block import Block, terminal_size
from stackferry.emulator.engine.image import Layer
from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.render.pretty import decimal

OFTEN = 0.1
"""Seconds between two redraws."""

_MOVES = frozenset({"Downloading", "Pushing"})
_WHOLE = frozenset({"Download complete", "Verifying Checksum", "Extracting", "Pull complete", "Pushed"})


@dataclass(slots=True)
class Share:
    """The progress of one image. `parts` has the bytes of its layers, as (transferred, total)."""

    name: str
    parts: dict[str, tuple[int, int]] = field(default_factory=dict)
    ended: str = ""

    def take(self, layer: Layer) -> None:
        """Record a layer's progress. A layer that exists already or is mounted from elsewhere has no bytes."""
        if layer.status in _MOVES:
            self.parts[layer.id] = (min(layer.current, layer.total) or layer.current, layer.total)
        elif layer.status in _WHOLE and layer.id in self.parts:
            total = self.parts[layer.id][1]
            self.parts[layer.id] = (total, total)

    def line(self, doing: str) -> str:
        """`pulling nginx:1.27  12.3MB of 48.7MB`."""
        if self.ended:
            return f"{self.ended} {self.name}"
        there, whole = (sum(part[at] for part in self.parts.values()) for at in (0, 1))
        return f"{doing} {self.name}" + (f"  {decimal(there)} of {decimal(whole)}" if whole else "")


class TransferDisplay:
    """Shows transfers. Thread-safe."""

    def __init__(
        self, doing: str, note: Callable[[str], None], *, live: bool, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.doing, self.live = doing, live
        self._note, self._clock = note, clock
        self._shares: dict[str, Share] = {}
        self._block = Block()
        self._drawn = float("-inf")
        self._lock = threading.Lock()

    def begin(self, name: str) -> Callable[[Layer], None]:
        """Add an image; returns a function that takes the progress of its layers."""
        share = Share(name)
        with self._lock:
            self._shares[name] = share
            if not self.live:
                self._note(share.line(self.doing))
            self._draw()

        def take(layer: Layer) -> None:
            with self._lock:
                share.take(layer)
                if self._clock() - self._drawn >= OFTEN:
                    self._draw()

        return take

    def end(self, name: str, mark: str) -> None:
        """Mark an image as done or failed."""
        with self._lock:
            self._shares[name].ended = mark
            self._draw()

    def _draw(self) -> None:
        if not self.live:
            return
        columns, rows = terminal_size()
        # Lines that scrolled away could not be redrawn: only the last ones are shown, and finished images drop first.
        shown = sorted(self._shares.values(), key=lambda share: not share.ended)[-max(rows - 1, 1) :]
        lines = [share.line(self.doing)[: columns - 1] for share in shown]
        self._block.draw(lines)
        self._drawn = self._clock()
