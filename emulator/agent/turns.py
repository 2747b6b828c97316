"""A few at a time: containers that end together get in each other's way inside the engine.

Twenty that got their stop signal at once were gone after 1.5 s, eight at a time after 1.15 (20.10 on two processors:
their networks are taken down one by one). That is worth waiting for while each is quick. As soon as one takes long,
because its process does, all others begin: a grace period must not come after another one.
"""

import threading
import time
from types import TracebackType

AT_A_TIME = 8
PATIENCE = 0.8
"""Seconds after which one takes long."""


class Turns:
    """A `with` block that at most so many are in, unless one of them takes long. For many threads."""

    def __init__(self, at_a_time: int = AT_A_TIME, patience: float = PATIENCE) -> None:
        self._at_a_time, self._patience = at_a_time, patience
        self._news = threading.Condition()
        self._begun: dict[int, float] = {}

    def __enter__(self) -> None:
        me = threading.get_ident()
        with self._news:
            while (pause := self._pause()) > 0.0:
                self._news.wait(pause)
            self._begun[me] = time.monotonic()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._news:
            del self._begun[threading.get_ident()]
            self._news.notify()

    def _pause(self) -> float:
        """Seconds until one more may begin, unless one ends earlier."""
        if len(self._begun) < self._at_a_time:
            return 0.0
        return min(self._begun.values()) + self._patience - time.monotonic()
