"""What the parts of the fake engine share: how calls are made, how events are sent, which objects exist."""

import hashlib
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from threading import Condition, RLock

from stackferry.emulator.engine.image import ImageInfo
from stackferry.emulator.engine.protocol import EngineAwayError, EngineError, EngineEvent
from stackferry.emulator.engine.resources import VolumeInfo
from stackferry.emulator.fake.addressing import Addresses, HostPorts
from stackferry.emulator.fake.behaviour import Behaviour
from stackferry.emulator.fake.box import Box
from stackferry.emulator.fake.clock import VirtualClock
from stackferry.emulator.fake.faults import FaultList, FaultPlan
from stackferry.emulator.fake.streams import FedStream

_REMEMBERED = 256


class FakeCore:
    """The shared state: the clock, the faults, the listeners, and all objects."""

    def __init__(
        self,
        clock: VirtualClock,
        behaviours: Mapping[str, Behaviour] | None = None,
        faults: FaultPlan | None = None,
        *,
        modern: bool = False,
        exists: Callable[[str], bool] = lambda _: True,
    ) -> None:
        self.clock = clock
        self.behaviours = dict(behaviours or {})
        self.faults: FaultPlan = faults or FaultList()
        self.images: dict[str, ImageInfo] = {}
        self.registry: dict[str, ImageInfo] = {}
        self.boxes: dict[str, Box] = {}
        self.up_at = 0.0
        self.calls: list[str] = []
        self._modern = modern
        self._exists = exists
        self._lock = RLock()
        self._changed = Condition(self._lock)
        self._count = 0
        self._networks: dict[str, Addresses] = {}
        self._volumes: dict[str, VolumeInfo] = {}
        self._ports = HostPorts()
        self._flows: list[FedStream[EngineEvent]] = []
        self._past: deque[EngineEvent] = deque(maxlen=_REMEMBERED)
        self._held: list[EngineEvent] = []

    @contextmanager
    def _call(self, call: str, name: str = "") -> Iterator[None]:
        """A blocking call: counted, and failed if the plan says so. It never hangs: time stands still."""
        with self._lock:
            self.calls.append(f"{self.clock.now:g} {call} {self._told(name)}")
            fault = self.faults.of_call(call, self._told(name))
            if fault and fault.kind == "fail":
                raise EngineError(fault.message, status=fault.status)
            self._answer()
            yield
            self._changed.notify_all()
            if fault and fault.kind == "fail-after":
                raise EngineError(fault.message, status=fault.status)

    def _answer(self) -> None:
        if self.clock.now < self.up_at:
            raise unreachable()

    def _later(self, seconds: float, act: Callable[[], None]) -> None:
        if seconds <= 0:
            act()
        else:
            self._at(seconds, act)

    def _at(self, seconds: float, act: Callable[[], None]) -> None:
        def locked() -> None:
            with self._lock:
                act()
                self._changed.notify_all()

        self.clock.at(self.clock.now + seconds, locked)

    def _tell(self, kind: str, box: Box, exit_code: int | None = None, health: str = "") -> None:
        self._deliver(EngineEvent(kind, box.id, box.name, box.labels, exit_code, health, self.clock.now))

    def _deliver(self, event: EngineEvent) -> None:
        fault = self.faults.of_event(event.kind, event.name)
        kind = fault.kind if fault else ""
        self._past.append(event)
        if kind == "swap":
            self._held.append(event)
            self._at(1.0, self._release)
        elif fault and kind == "late":
            self._at(fault.seconds, lambda: self._put(event))
        elif kind != "lose":
            self._put(event)
            if kind == "twice":
                self._put(event)
            self._release()

    def _release(self) -> None:
        held, self._held = self._held, []
        for event in held:
            self._put(event)

    def _put(self, event: EngineEvent) -> None:
        self._flows = [flow for flow in self._flows if not flow.closed]
        for flow in self._flows:
            flow.put(event)

    def _seek(self, container: str) -> Box | None:
        if container in self.boxes:
            return self.boxes[container]
        return next((box for box in self.boxes.values() if box.name == container), None)

    def _box(self, container: str) -> Box:
        box = self._seek(container)
        if box is None:
            raise EngineError(f"No such container: {container}", status=404)
        return box

    def _up(self, container: str) -> Box:
        box = self._box(container)
        if not box.running:
            raise EngineError(f"Container {box.id} is not running", status=409)
        return box

    def _told(self, name: str) -> str:
        box = self._seek(name)
        return box.name if box else name

    def _tell_network(self, kind: str, box: Box, name: str) -> None:
        self._deliver(EngineEvent(f"network {kind}", box.id, name, at=self.clock.now))


def has_labels(labels: Mapping[str, str], wanted: Mapping[str, str]) -> bool:
    """Whether an object has all the wanted labels; an empty value matches any value."""
    return all(key in labels and (not value or labels[key] == value) for key, value in wanted.items())


def digest(text: str) -> str:
    """An id derived from the text only."""
    return hashlib.sha256(text.encode()).hexdigest()


def unreachable() -> EngineAwayError:
    """The error of a call while the engine is away."""
    return EngineAwayError("cannot connect to the Docker daemon: is the Docker daemon running?", "start the engine")
