"""A clock that moves only when told to, with a schedule of calls. For the fake engine and simulations."""

import heapq
from collections.abc import Callable
from dataclasses import field
from itertools import count

from stackferry.grammar.lazy_dataclass import dataclass


@dataclass(slots=True)
class VirtualClock:
    """`now` in seconds. Calls due at the same moment happen in the order in which they were scheduled."""

    now: float = 0.0
    _due: list[tuple[float, int, Callable[[], None]]] = field(default_factory=list)
    _count: "count[int]" = field(default_factory=count)

    def at(self, due: float, act: Callable[[], None]) -> None:
        """Schedule a call; if the moment is past, it happens as soon as the clock moves."""
        heapq.heappush(self._due, (max(due, self.now), next(self._count), act))

    def next(self) -> float | None:
        """When the next call is due."""
        return self._due[0][0] if self._due else None

    def advance(self, seconds: float) -> None:
        """Move on; each due call happens at its own time, and may schedule more."""
        end = self.now + seconds
        while self._due and self._due[0][0] <= end:
            due, _, act = heapq.heappop(self._due)
            self.now = max(self.now, due)
            act()
        self.now = end
