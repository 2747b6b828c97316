"""The clock of a stack, which all durations are measured on. It never jumps, even if the machine's clock is set.

Times in tasks, restarts and updates are seconds of this clock. It is the machine's monotonic clock plus an offset,
`ahead`, which is set once per boot to match the time of day; later processes of that boot read the offset from the
store. After a reboot it is set anew, to no less than the newest stored time: no stored time is ever later than now,
and nothing waits longer than it was meant to. People are shown the time of day instead (`cluster/dates.py`).

The clock stands still while the machine sleeps, as a swarm's timers and the engine's do: containers sleep as well,
and an update that nobody watched has not proved itself.
"""

import logging
import os
import time
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path

from stackferry.emulator.cluster.objects import Cluster
from stackferry.emulator.store.store import Store, StoreError
from stackferry.grammar.lazy_dataclass import dataclass

log = logging.getLogger("stackferry.manager")

Clock = Callable[[], float]

_DOCUMENT = "clock"


@dataclass(frozen=True, slots=True)
class Machine:
    """The clocks of a machine. `boot` identifies the start of the monotonic clock; empty where that is unknown."""

    boot: str
    monotonic: Clock
    wall: Clock


@dataclass(frozen=True, slots=True)
class ClockRecord:
    """How the clock is set: seconds that it is ahead of the monotonic clock of one boot."""

    boot: str
    ahead: float


def this_machine() -> Machine:
    """The machine that this process runs on."""
    return Machine(_boot(), time.monotonic, time.time)


@cache
def _boot() -> str:
    space = 0
    with suppress(OSError):
        # A time namespace has a monotonic clock of its own.
        space = os.stat("/proc/self/ns/time").st_ino
    try:
        return f"{Path('/proc/sys/kernel/random/boot_id').read_text(encoding='ascii').strip()}/{space}"
    except OSError:
        return ""


def read_clock(store: Store, cluster: Cluster, machine: Machine | None = None) -> Clock:
    """The stack's clock as its manager set it; `cluster` is what the store holds."""
    machine = machine or this_machine()
    return _ahead(machine, _set(store.document(_DOCUMENT, ClockRecord), cluster, machine))


def keep_clock(store: Store, cluster: Cluster, machine: Machine | None = None) -> Clock:
    """The same for the manager, which also stores the setting."""
    machine = machine or this_machine()
    known = store.document(_DOCUMENT, ClockRecord)
    record = _set(known, cluster, machine)
    if record != known:
        try:
            with store.transaction():
                store.put_document(_DOCUMENT, record)
        except StoreError as error:
            # The disk is full: the next manager sets the clock anew.
            log.warning("cannot save the clock setting: %s", error)
    return _ahead(machine, record)


def _set(known: ClockRecord | None, cluster: Cluster, machine: Machine) -> ClockRecord:
    now = machine.monotonic()
    goes_on = known is not None and machine.boot != "" and known.boot == machine.boot
    ahead = known.ahead if known is not None and goes_on else machine.wall() - now
    return ClockRecord(machine.boot, max(ahead, _newest(cluster) - now))


def _ahead(machine: Machine, record: ClockRecord) -> Clock:
    return lambda: machine.monotonic() + record.ahead


def _newest(cluster: Cluster) -> float:
    tasks = (max(task.created_at, task.at) for task in cluster.tasks.values())
    restarts = (at for history in cluster.history.values() for at in history.at)
    return max((*tasks, *restarts), default=0.0)
