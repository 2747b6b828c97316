"""Follows the engine's events about gates: our gates that die or are paused are restored; others are peers.

A thread of `controller.py`. Without a manager, the engine's restart policy restarts gates.
"""

import threading
from collections.abc import Callable, Mapping

from stackferry.emulator.cluster.labels import GATE, STACK
from stackferry.emulator.engine.protocol import Engine, EngineError, EngineEvent, ItemStream
from stackferry.emulator.webnet.discovery import Discovery
from stackferry.emulator.webnet.gate_worker import GateWorker

PAUSE = 0.5
"""Seconds between attempts to reach an engine that is away."""


class Follower:
    """For one stack. `gates` returns the gates that have workers now, by name."""

    def __init__(
        self,
        engine: Engine,
        discovery: Discovery,
        gates: Callable[[], Mapping[str, GateWorker]],
        closing: threading.Event,
    ) -> None:
        self._engine, self._discovery, self._gates, self._closing = engine, discovery, gates, closing
        self._flow: ItemStream[EngineEvent] | None = None
        self._thread = threading.Thread(target=self._run, name="gates", daemon=True)

    def start(self) -> None:
        """Start the thread, if it has not started."""
        if self._thread.ident is None:
            self._thread.start()

    def close(self) -> None:
        """Stop following."""
        if self._flow is not None:
            self._flow.close()

    def _run(self) -> None:
        while not self._closing.is_set():
            try:
                self._flow = self._engine.events(None, {GATE: ""})
                for name in [*self._discovery.facts.areas]:
                    self._discovery.peers(name)
                for event in self._flow:
                    self.take(event)
            except EngineError:
                # The engine is restarting, and so are the gates, in new namespaces.
                self._closing.wait(PAUSE)
                for worker in self._gates().values():
                    worker.died()

    def take(self, event: EngineEvent) -> None:
        """Handle one event."""
        if event.kind not in ("start", "die", "destroy", "pause"):
            return
        if event.labels.get(STACK) != self._discovery.stack:
            self._discovery.peers(event.labels.get(GATE, ""))
        elif event.kind != "start" and (gate := self._gates().get(event.name)):
            gate.died()
