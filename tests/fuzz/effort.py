"""Tells whether a process works, waits for a CPU, or hangs, by the CPU time of the process and its descendants.

On a busy machine a process may do a second's work in a minute, so wall time alone only ends processes that do nothing.
"""

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

STALLED = 60.0
"""Seconds after which a process hangs that neither works nor waits for a CPU or a disk."""
PROGRESS = 0.2
"""Seconds of CPU that count as work: who only looks now and then whether something has come uses less in a minute."""
STANDSTILL = 10.0
"""Seconds between two questions after which it was the machine that stood still."""
LONGEST = 1800.0
"""Seconds after which a process is ended, whatever it does."""

_TICKS = os.sysconf("SC_CLK_TCK")


class Seen(NamedTuple):
    """What a process and all below it, also those that have ended, have used; whether one is held up by the machine."""

    seconds: float
    waits: bool


class _Stat(NamedTuple):
    parent: int
    waits: bool
    seconds: float


def family(pid: int) -> dict[int, _Stat]:
    """A process and all below it."""
    everybody = dict(_everybody())
    found = {pid: everybody[pid]} if pid in everybody else {}
    while more := {one: stat for one, stat in everybody.items() if stat.parent in found and one not in found}:
        found |= more
    return found


def _everybody() -> Iterator[tuple[int, _Stat]]:
    for folder in Path("/proc").glob("[0-9]*"):
        # It may end at any moment.
        with suppress(OSError):
            words = (folder / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
            yield int(folder.name), _Stat(int(words[1]), words[0] in "RD", sum(map(int, words[11:15])) / _TICKS)


def look(pid: int) -> Seen:
    """How it stands. Where the kernel does not tell, time that passes counts as work."""
    if not os.path.exists("/proc/self/stat"):
        return Seen(time.monotonic(), waits=False)
    stats = family(pid).values()
    return Seen(sum(one.seconds for one in stats), any(one.waits for one in stats))


class Effort:
    """Of one process, for one thing that it does: `most` seconds of CPU."""

    def __init__(
        self,
        pid: int,
        most: float,
        look: Callable[[int], Seen] = look,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self.pid, self.most = pid, most
        self._look, self._now = look, now
        self.anew()

    def anew(self) -> None:
        """It does something else from now on."""
        self._begun = self._moved = self._looked = self._now()
        self._before = self._marked = self._look(self.pid).seconds

    def lost(self) -> str:
        """Why it is to be ended; empty while it works. To be asked every second or so."""
        now, seen = self._now(), self._look(self.pid)
        if now - self._looked > STANDSTILL:
            # Whoever asks did not run either: nothing is known of that time.
            self._moved += now - self._looked
        self._looked = now
        if seen.waits or seen.seconds - self._marked > PROGRESS:
            self._marked, self._moved = seen.seconds, now
        if seen.seconds - self._before > self.most:
            return f"slow: more than {self.most:.0f} s"
        return "hung" if now - self._moved > STALLED or now - self._begun > LONGEST else ""

    def end(self) -> None:
        """Kill it, and all below it."""
        for pid in family(self.pid) or (self.pid,):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
