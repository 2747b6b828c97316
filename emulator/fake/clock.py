"""A clock that only moves when told, with what is due on it. For the fake engine and simulations."""

import heapq
from collections.abc import Callable
from dataclasses import field
from itertools import count

from stackferry.grammar.lazy_dataclass import dataclass


@dataclass(slots=True)
class VirtualClock:
    """`now` in seconds. What is due at one moment happens in the order in which it was asked for."""

    now: float = 0.0
    _due: list[tuple[float, int, Callable[[], None]]] = field(default_factory=list)
    _count: "count[int]" = field(default_factory=count)

    def at(self, due: float, act: Callable[[], None]) -> None:
        """Have something done at a moment; one that is past means as soon as the clock moves."""
        heapq.heappush(self._due, (max(due, self.now), next(self._count), act))

    def next(self) -> float | None:
        """When the next thing is due."""
        return self._due[0][0] if self._due else None

    def advance(self, seconds: float) -> None:
        """Move on; whatever falls due happens at its own time, and may make more fall due."""
        end = self.now + seconds
        while self._due and self._due[0][0] <= end:
            due, _, act = heapq.heappop(self._due)
            self.now = max(self.now, due)
            act()
        self.now = end
