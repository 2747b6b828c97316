"""What can go wrong with an engine: faults that the fake engine injects, from a list or from a seed.

`FakeEngine` asks its plan before every call (`of_call`) and for every event that it delivers (`of_event`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import field, replace
from random import Random
from typing import Protocol

from stackferry.grammar.lazy_dataclass import dataclass

CALL_FAULTS = ("fail", "fail-after", "hang")
EVENT_FAULTS = ("lose", "late", "twice", "swap")


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault. Of a call: `fail` (nothing is done), `fail-after` (it is done, but reported as failed), `hang`.

    Of an event: `lose`, `late`, `twice`, `swap` (delivered after the following one). `on` is the call's or event's
    name, empty for any; `name` the container's or object's; `seconds` how long it hangs or is late; `times`
    how often it happens.
    """

    kind: str
    on: str = ""
    name: str = ""
    seconds: float = 0.0
    message: str = "the engine fails as it was told to"
    status: int = 500
    times: int = 1

    def __str__(self) -> str:
        what = " ".join(filter(None, (self.kind, self.on, self.name)))
        return f"{what} {self.seconds:g}s" if self.seconds else what


class FaultPlan(Protocol):
    """Decides which fault a call or event gets. Asked once for each, in order."""

    def of_call(self, call: str, name: str) -> Fault | None:
        """The fault of a call."""

    def of_event(self, kind: str, name: str) -> Fault | None:
        """The fault of an event."""


@dataclass(slots=True)
class FaultList:
    """Exactly these faults, each on the first call or event that matches."""

    faults: list[Fault] = field(default_factory=list)

    @classmethod
    def of(cls, *faults: Fault) -> "FaultList":
        """A plan of these faults."""
        return cls(list(faults))

    def of_call(self, call: str, name: str) -> Fault | None:
        """The fault of a call."""
        return self._take(CALL_FAULTS, call, name)

    def of_event(self, kind: str, name: str) -> Fault | None:
        """The fault of an event."""
        return self._take(EVENT_FAULTS, kind, name)

    def _take(self, kinds: Iterable[str], on: str, name: str) -> Fault | None:
        for index, fault in enumerate(self.faults):
            if fault.kind in kinds and fault.on in {"", on} and fault.name in {"", name}:
                self.faults[index : index + 1] = [replace(fault, times=fault.times - 1)] if fault.times > 1 else []
                return fault
        return None


@dataclass(slots=True)
class RandomFaults:
    """Random faults: `rates` maps kinds to probabilities. `active` False: no more faults; `told` keeps the list."""

    chance: Random
    rates: Mapping[str, float]
    longest: float = 30.0
    calls: frozenset[str] = frozenset({"create", "start", "stop", "remove", "connect"})
    active: bool = True
    told: list[Fault] = field(default_factory=list)

    def of_call(self, call: str, name: str) -> Fault | None:
        """The fault of a call."""
        return self._draw(CALL_FAULTS, call, name) if call in self.calls else None

    def of_event(self, kind: str, name: str) -> Fault | None:
        """The fault of an event."""
        return self._draw(EVENT_FAULTS, kind, name)

    def _draw(self, kinds: Iterable[str], on: str, name: str) -> Fault | None:
        if not self.active:
            return None
        for kind in kinds:
            if kind in self.rates and self.chance.random() < self.rates[kind]:
                seconds = self.chance.uniform(0.0, self.longest) if kind in {"hang", "late"} else 0.0
                fault = Fault(kind, on, name, seconds)
                self.told.append(fault)
                return fault
        return None
