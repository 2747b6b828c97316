"""Keeps one gate in its desired state: one thread per gate, which always applies the latest state and skips older ones.

`controller.py` tells it the desired state and when its container died; others wait here for the applied state.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterable

from stackferry.emulator.engine.protocol import ContainerInfo, EngineError
from stackferry.emulator.webnet.gate import Gate, GateLostError, GateRefusedError, connected
from stackferry.emulator.webnet.gate_state import GateState
from stackferry.emulator.webnet.growth import only_grows
from stackferry.emulator.webnet.nftables import Address, Backend
from stackferry.grammar.diagnostics import StackferryError

log = logging.getLogger("stackferry.manager")

RETRIES = (0.05, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0)
"""Seconds until a gate is retried; the last value repeats."""

REST = 0.3
"""Seconds between two states of a gate that differ only by more tasks: otherwise twenty tasks that start at once would
each cause a new state, which takes a fifth of their start-up time.
"""

LEAVE = 10.0
"""Seconds to wait for the removal of a gate."""

LOOK = 0.15
"""Seconds between two looks at the flows."""


class GateWorker:
    """The thread of one gate. `changed` is called, in that thread, whenever something about the gate is new.

    It gets the lasting error, if any, and decides what becomes of it: `changed` sets `error`.
    `last` is removing a gate of the same name: this gate is created when that is gone.
    """

    def __init__(
        self,
        gate: Gate,
        changed: Callable[["GateWorker", StackferryError | None], None],
        last: "GateWorker | None" = None,
    ) -> None:
        self.gate = gate
        self._last = last
        self.wanted: GateState | None = None
        self.in_force: GateState | None = None
        self.tried: GateState | None = None
        self.since = 0.0
        self.error: StackferryError | None = None
        self._changed = changed
        self._news = threading.Condition()
        # One call to the gate at a time: its session handles one exchange.
        self._talk = threading.Lock()
        self._ending = ""
        self._sound = False
        self._doubted = False
        # Tasks that may still have flows: those of earlier applied states.
        self._known: set[Backend] = set()
        self._failures = 0
        self._looked = 0.0
        self._flows: dict[Address, int] = {}
        self._thread = threading.Thread(target=self._run, name=f"gate {gate.name}", daemon=True)

    def want(self, state: GateState) -> None:
        """Set the gate's desired state."""
        with self._news:
            if state == self.wanted:
                return
            self.wanted = state
            self._failures = 0
            self._news.notify()
        if not self._thread.is_alive() and self._thread.ident is None:
            self._thread.start()

    def died(self) -> None:
        """Its container ended or was paused: restore it."""
        with self._news:
            self._sound = False
            self._news.notify()

    def seen(self, info: ContainerInfo) -> None:
        """Check its container as inspected: there is no event for a missed event or a removed network endpoint."""
        state = self.tried
        if state is None:
            return
        is_whole = connected(info, state) and info.addresses.keys() >= {*state.farther}
        if info.status == "running" and is_whole:
            return
        with self._news:
            # The endpoint may be taken away while the gate is being brought up.
            self._doubted = True
            self._sound = False
            self._news.notify()

    def end(self, *, remove: bool) -> None:
        """Stop the worker, in the background; `remove` also removes the container."""
        with self._news:
            self._ending = "remove" if remove else "leave"
            self._news.notify()

    def join(self, seconds: float) -> None:
        """Wait until the thread has ended."""
        if self._thread.ident is not None:
            self._thread.join(seconds)

    @property
    def alive(self) -> bool:
        """Whether the thread has not ended yet."""
        return self._thread.is_alive()

    def has(self, task_id: str) -> bool:
        """Whether new connections may still go to a task. True while it is unknown what a gate does.

        That is so at a manager's start: the gates are as the last manager left them.
        """
        if self.in_force is None:
            return True
        states = (self.wanted, self.in_force)
        return any(task.task_id == task_id for state in states if state is not None for task in state.backends())

    def busy(self, task_id: str, after: float) -> bool:
        """Whether a draining task still had flows at a look after that moment. If the gate is gone, so are they."""
        state = self.in_force
        if state is not None and any(task.task_id == task_id for task in state.direct):
            # Connections that bypass the gate cannot be counted.
            return True
        addresses = _addresses(task for task in state.draining if task.task_id == task_id) if state else set()
        if not addresses:
            return False
        with self._talk:
            # Many tasks may drain at once, and a look is not cheap: they share it.
            if self._looked < max(after, self.since, time.monotonic() - LOOK):
                self._looked = time.monotonic()
                try:
                    self._flows = self.gate.busy()
                except StackferryError:
                    self._flows = {}
            return any(self._flows.get(address) for address in addresses)

    def _run(self) -> None:
        if self._last is not None:
            self._last.join(LEAVE)
            self._last = None
        while True:
            with self._news:
                while not self._ending and self._sound and (pause := self._pause()) != 0.0:
                    self._news.wait(pause)
                ending, state = self._ending, self.wanted
            if ending:
                self._leave(remove=ending == "remove")
                return
            assert state is not None
            try:
                self._bring(state)
            except GateRefusedError as error:
                self._failed(error, RETRIES[-1])
            except (GateLostError, StackferryError) as error:
                self._failed(error, RETRIES[min(self._failures, len(RETRIES) - 1)])
            except Exception as error:
                # A bug must not end the thread, which would leave the gate as it is for ever.
                log.exception("gate %s", self.gate.name)
                self._failed(StackferryError(repr(error)), RETRIES[-1])

    def _pause(self) -> float | None:
        """Seconds until the desired state should be applied; None: it is applied."""
        before, state = self.in_force, self.wanted
        if before == state:
            return None
        if before is None or state is None or not only_grows(before, state):
            return 0.0
        return max(0.0, self.since + REST - time.monotonic())

    def _bring(self, state: GateState) -> None:
        began = time.monotonic()
        with self._news:
            self.tried, self._doubted = state, False
        with self._talk:
            before = self.in_force if self._sound else None
            if before is None:
                self.gate.close()
            if before is None or _shape(before) != _shape(state):
                made = self.gate.ensure(state)
                if state.farther or not made:
                    self.gate.reach(state)
            else:
                if not state.plain and _lost(before, state):
                    self.gate.hurry(before, state)
                if before.farther != state.farther:
                    self.gate.reach(state)
            current = {*state.backends(), *state.draining}
            gone = self._known - current
            # If an address is another task's by now, its old flows end before the new task gets connections.
            dead, alive = _addresses(gone), _addresses(current)
            for address in dead & alive:
                self.gate.forget(address)
            self.gate.apply(state, dead - alive, _addresses(current - self._known))
            self._known = current
        with self._news:
            self.in_force, self.since = state, time.monotonic()
            self._sound = not self._doubted
            self._failures = 0
        log.info("gate %s configured after %.0f ms", self.gate.name, 1000 * (time.monotonic() - began))
        self._changed(self, None)

    def _failed(self, error: StackferryError, pause: float) -> None:
        self._failures += 1
        with self._news:
            self._sound = False
        # A lost gate is recreated; only lasting errors are shown.
        lasts = not isinstance(error, GateLostError) or self._failures > len(RETRIES)
        log.log(logging.INFO if self._failures < 3 else logging.WARNING, "gate %s: %s", self.gate.name, error)
        self._changed(self, error if lasts else self.error)
        with self._news:
            if not self._ending and self._failures:
                self._news.wait(pause)

    def _leave(self, *, remove: bool) -> None:
        with self._talk:
            try:
                if remove:
                    self.gate.remove()
                else:
                    self.gate.close()
            except EngineError as error:
                log.warning("gate %s: %s", self.gate.name, error)


def _addresses(tasks: Iterable[Backend]) -> set[Address]:
    return {address for task in tasks for address in task.addresses()}


def _lost(before: GateState, state: GateState) -> bool:
    """Whether a task went without draining: it is gone, and every connection to it fails."""
    return not before.backends() <= state.backends() | {*state.draining}


def _shape(state: GateState) -> object:
    return state.network, state.outside, state.address, state.bindings, state.plain, state.unasked, state.ipv6
