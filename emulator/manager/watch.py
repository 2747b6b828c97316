"""Follows the engine's events and passes them to the loop as observations; surveys all containers after a gap.

One thread per manager follows; a second one surveys now and then, because an engine silently drops events for a
slow reader. When the stream ends (the engine restarts), it reconnects and surveys the containers, because events
of the meantime are not repeated (`agent/survey.py`).
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace

from stackferry.emulator.agent.endings import last_words
from stackferry.emulator.cluster.labels import STACK, STEP, STEP_OF, TASK_ID
from stackferry.emulator.cluster.observation import Died, Health, Observation, StepEnded, Vanished, step_removed
from stackferry.emulator.engine.protocol import ContainerInfo, Engine, EngineError, EngineEvent, ItemStream
from stackferry.emulator.store.clock import Clock

log = logging.getLogger("stackferry.manager")

SURVEY = 60.0
"""Seconds between surveys of all containers of the stack."""

RETRY = 0.5
"""Seconds between attempts to reach an engine that is away."""


def _died(event: EngineEvent) -> Observation:
    return Died(event.labels[TASK_ID], event.exit_code or 0)


def _health(event: EngineEvent) -> Observation:
    return Health(event.labels[TASK_ID], event.health)


def _vanished(event: EngineEvent) -> Observation:
    return Vanished(event.labels[TASK_ID], event.container_id)


def _step_died(event: EngineEvent) -> Observation:
    return StepEnded(event.labels[STEP_OF], int(event.labels[STEP]), event.exit_code or 0)


def _step_vanished(event: EngineEvent) -> Observation:
    return step_removed(event.labels[STEP_OF], int(event.labels[STEP]), event.container_id)


_OBSERVATIONS: Mapping[str, Callable[[EngineEvent], Observation]] = {
    "die": _died,
    "health": _health,
    "destroy": _vanished,
}


_OF_STEPS: Mapping[str, Callable[[EngineEvent], Observation]] = {"die": _step_died, "destroy": _step_vanished}
"""The same for the init containers of a task."""


def observations(event: EngineEvent) -> Iterator[Observation]:
    """The observations that an event makes of a task."""
    for label, table in ((TASK_ID, _OBSERVATIONS), (STEP_OF, _OF_STEPS)):
        make = table.get(event.kind)
        if make is not None and event.labels.get(label):
            yield make(event)


class Watch:
    """The thread. `post` gets observations, `surveyed` all containers of the stack after each (re)connection.

    `clock` is the stack's: a survey is compared with what its tasks did meanwhile. `started` is called on each start of
    a task's container, with the engine's time: somebody may have restarted it by hand.
    """

    def __init__(
        self,
        engine: Engine,
        stack: str,
        post: Callable[[Observation], None],
        surveyed: Callable[[list[ContainerInfo], float], None],
        clock: Clock,
        started: Callable[[str, float], None] = lambda *_: None,
    ) -> None:
        self.engine = engine
        self.clock = clock
        self.labels = {STACK: stack}
        self.post = post
        self.surveyed = surveyed
        self.started = started
        self._stopping = threading.Event()
        self._flow: ItemStream[EngineEvent] | None = None
        self._thread = threading.Thread(target=self._run, name="events", daemon=True)

    def start(self) -> None:
        """Start the threads."""
        self._thread.start()
        threading.Thread(target=self._look_again, name="survey", daemon=True).start()

    def stop(self) -> None:
        """Stop the threads."""
        self._stopping.set()
        if self._flow is not None:
            self._flow.close()

    def _survey(self) -> None:
        begun = self.clock()
        self.surveyed(self.engine.containers(self.labels), begun)

    def _look_again(self) -> None:
        while not self._stopping.wait(SURVEY):
            # While the engine is away there is nothing to see; the other thread waits for it.
            with suppress(EngineError):
                self._survey()

    def _in_its_words(self, seen: Observation, event: EngineEvent) -> Observation:
        """Add why an init container failed, from its last output: an event has only the exit code."""
        if isinstance(seen, StepEnded) and seen.exit_code > 0:
            return replace(seen, error=last_words(self.engine, event.container_id))
        return seen

    def _run(self) -> None:
        lost = False
        while not self._stopping.is_set():
            try:
                # Start before the survey: what happens during it comes twice rather than not at all. The engine dates
                # events by the time of day; if that was set back since, more comes twice.
                self._flow = self.engine.events(time.time(), self.labels)
                self._survey()
                if lost:
                    log.warning("connected to the engine again")
                lost = False
                for event in self._flow:
                    if event.kind == "start" and event.labels.get(TASK_ID):
                        self.started(event.labels[TASK_ID], event.at)
                    for seen in observations(event):
                        self.post(self._in_its_words(seen, event))
            except EngineError as error:
                if not lost:
                    log.warning("lost the connection to the engine: %s", error)
                lost = True
            self._stopping.wait(RETRY if lost else 0.05)
