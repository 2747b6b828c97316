"""Limits how many containers end at a time: inside the engine, they slow each other down.

Twenty containers that got their stop signal at once were gone after 1.5 s, eight at a time after 1.15 (20.10 on two
processors: their networks are removed one by one). That is worth waiting for as long as each stops quickly. As soon as
one takes long, because its process does, all others begin: grace periods must not add up.
"""

import threading
import time
from types import TracebackType

AT_A_TIME = 8
PATIENCE = 0.8
"""Seconds after which a stop counts as long."""


class Turns:
    """A `with` block for a limited number of threads at a time, unless one of them takes long. Thread-safe."""

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
        """Seconds until another thread may enter, unless one leaves earlier."""
        if len(self._begun) < self._at_a_time:
            return 0.0
        return min(self._begun.values()) + self._patience - time.monotonic()
