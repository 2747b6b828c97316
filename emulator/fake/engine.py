"""The engine protocol without an engine: containers in memory that follow a table of behaviours, on a virtual clock.

Deterministic: nothing happens except by a call or by `clock.advance`. The protocol's blocking calls complete at
once, without moving the clock; `submit` is their other form, which takes time on the clock. Faults come
from a plan (`faults.py`). Error messages and the order of events are those of engine 20.10, or of 29 with `modern`;
`tests/emulator/engine/test_protocol.py` compares it with the real engine.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from stackferry.emulator.engine.protocol import (
    EngineError,
)
from stackferry.emulator.fake.behaviour import Behaviour
from stackferry.emulator.fake.box import behaviour_of
from stackferry.emulator.fake.clock import VirtualClock
from stackferry.emulator.fake.containers import KILLED, FakeContainers
from stackferry.emulator.fake.core import unreachable
from stackferry.emulator.fake.faults import FaultPlan
from stackferry.emulator.fake.networks import PREDEFINED
from stackferry.emulator.fake.processes import FakeProcesses
from stackferry.grammar.lazy_dataclass import dataclass


@dataclass(slots=True)
class Pending:
    """A submitted call. `done` once it is over: then it has a `result` or an `error`."""

    call: str
    name: str
    since: float
    done: bool = False
    result: Any = None
    error: EngineError | None = None
    at: float | None = None

    def __str__(self) -> str:
        state = "pending" if not self.done else f"failed: {self.error}" if self.error else "done"
        return f"{self.call} {self.name} {state}"


class FakeEngine(FakeContainers, FakeProcesses):
    """`protocol.Engine` without an engine.

    `behaviours` is keyed by the value of a container's label io.stackferry.behaviour or variable
    STACKFERRY_BEHAVIOUR, or by its image; the empty key is the default. `images` are local images, `registry`
    images that can be pulled. `exists` tells whether a path exists on the host.
    """

    def __init__(
        self,
        clock: VirtualClock,
        behaviours: Mapping[str, Behaviour] | None = None,
        faults: FaultPlan | None = None,
        images: Sequence[str] = (),
        *,
        modern: bool = False,
        exists: Callable[[str], bool] = lambda _: True,
    ) -> None:
        super().__init__(clock, behaviours, faults, modern=modern, exists=exists)
        self._pending: list[Pending] = []
        for name in images:
            self.add_image(name)
        for name, subnet in PREDEFINED.items():
            self._add_network(name, {"Driver": name, "IPAM": {"Config": [{"Subnet": subnet}] if subnet else []}})

    def submit(self, call: str, name: str, *rest: Any, **more: Any) -> Pending:
        """Begin a call (`create`, `start`, `stop` …, with its arguments); it ends when the clock gets there."""
        with self._lock:
            pending = Pending(call, self._told(name), self.clock.now)
            self._pending.append(pending)
            self.calls.append(f"{self.clock.now:g} {call} {self._told(name)}")
            fault = self.faults.of_call(call, self._told(name))
            wait = fault.seconds if fault else 0.0
            failure = EngineError(fault.message, status=fault.status) if fault and fault.kind != "hang" else None

            def act() -> None:
                if pending.done:
                    return
                if fault and fault.kind == "fail":
                    self._finish(pending, error=failure)
                else:
                    self._begin(pending, failure, call, name, rest, more)

            self._later(wait + self._cost(call, name, rest), act)
            return pending

    def _cost(self, call: str, name: str, rest: Sequence[Any]) -> float:
        if call == "create" and rest:
            return behaviour_of(rest[0], self.behaviours).prepares
        box = self._seek(name) if call == "start" else None
        return box.behaviour.starts if box else 0.0

    def _begin(
        self,
        pending: Pending,
        failure: EngineError | None,
        call: str,
        name: str,
        rest: Sequence[Any],
        more: Mapping[str, Any],
    ) -> None:
        try:
            self._answer()
            if call in {"stop", "wait"}:
                box = self._box(name)
                if call == "stop" and box.running:
                    self._ask_to_end(box, *rest, **more)
                if box.running:
                    box.waiting.append(lambda code: self._finish(pending, code if call == "wait" else None, failure))
                    return
                result: Any = box.exit_code if call == "wait" else None
            else:
                result = getattr(self, f"_{call}")(name, *rest, **more)
        except EngineError as error:
            self._finish(pending, error=error)
        else:
            self._finish(pending, result, failure)

    def _finish(self, pending: Pending, result: Any = None, error: EngineError | None = None) -> None:
        if not pending.done:
            pending.done, pending.result, pending.error, pending.at = True, result, error, self.clock.now
            self._pending.remove(pending)

    def crash(self, down: float = 0.0, *, graceful: bool = False) -> None:
        """The engine goes away for some seconds, with all containers: killed, or stopped if `graceful`.

        There is no notice: event streams break, calls in progress fail, and later ones fail until it is back.
        """
        with self._lock:
            lost = unreachable()
            for pending in list(self._pending):
                self._finish(pending, error=lost)
            for flow in self._flows:
                flow.end(lost)
            self._flows.clear()
            self._past.clear()
            self._held.clear()
            for box in self.boxes.values():
                if box.running:
                    heeds = graceful and box.behaviour.term is not None
                    self._end(box, box.behaviour.term_exit if heeds else KILLED, silent=True)
            self.up_at = self.clock.now + down
