"""The machine of a simulation: its clocks are set, it sleeps, it boots. It cannot see the true, virtual time.

While the machine sleeps, nothing runs on it and its monotonic clock stands still; afterwards only the time of day has
moved on.
"""

from stackferry.emulator.fake.clock import VirtualClock
from stackferry.emulator.store.clock import Machine

HOUR, DAY = 3600.0, 86400.0


class VirtualMachine:
    """`wall` is the time of day; `machine` what a process sees until the next boot."""

    def __init__(self, clock: VirtualClock) -> None:
        self.clock = clock
        self.set_by = 1.7e9
        self.boots = 0
        self.machine = self._booted()

    def wall(self) -> float:
        return self.clock.now + self.set_by

    def set_clock(self, by: float) -> None:
        """Somebody sets the clock, or finds that it was wrong."""
        self.set_by += by

    def sleep(self, seconds: float) -> None:
        self.set_by += seconds

    def boot(self) -> None:
        """Monotonic time begins anew."""
        self.boots += 1
        self.machine = self._booted()

    def _booted(self) -> Machine:
        begun = self.clock.now - 5.0
        return Machine(f"boot {self.boots}", lambda: self.clock.now - begun, self.wall)
