"""`up` in the foreground while another process is the manager: shows what that process does."""

import threading
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from stackferry.emulator.cluster.objects import Cluster
from stackferry.emulator.manager.manager import PassOver
from stackferry.emulator.manager.presence import ensure_running
from stackferry.emulator.store.clock import Clock, read_clock
from stackferry.emulator.store.store import Store
from stackferry.up.wait import LOOK

if TYPE_CHECKING:
    from stackferry.deploy.deploy import Ready

ALIVE = 1.0
"""Seconds between checks that the manager still runs."""


class AttachedRun:
    """A stand-in with the interface of `Manager`. Ends with the stack, as a manager does."""

    def __init__(self, ready: "Ready", environment: Mapping[str, str], pass_over: PassOver) -> None:
        self.ready, self.environment, self.pass_over = ready, environment, pass_over
        self._end = threading.Event()
        self._clock: Clock = time.monotonic

    def clock(self) -> float:
        """The time of the stack's clock, as the manager has set it."""
        return self._clock()

    def run(self, until: Callable[[Cluster], bool]) -> None:
        """Show changes until `stop`, until the stack is gone, or until `until` holds for the cluster."""
        home = self.ready.home
        store = Store(home.database, make=False)
        cluster, looks = Cluster(), 0
        try:
            while True:
                if store.written_by_others():
                    cluster = store.load()
                    self._clock = read_clock(store, cluster)
                    self.pass_over(cluster)
                if until(cluster) or self._end.wait(LOOK) or not home.database.exists():
                    return
                looks += 1
                if looks % round(ALIVE / LOOK) == 0:
                    ensure_running(home, self.ready.stack, self.environment)
        finally:
            store.close()

    def stop(self) -> None:
        """Stop watching."""
        self._end.set()
