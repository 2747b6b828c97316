"""The clock of a stack, on which everything that lasts is measured. It never jumps, whatever is done to the machine's.

The times in tasks, restarts and updates are its seconds. It is the machine's monotonic clock, once per boot set `ahead`
to the time of day; who comes later in that boot finds in the store by how much. After another boot it is set anew, to
no less than the newest time that is stored: so nothing that is stored is ever later than now, and whatever waits, waits
for no longer than it was to. What people are shown is the time of day (`cluster/dates.py`).

It stands still while the machine sleeps, as a swarm's timers and the engine's do: containers sleep as well, and an
update that was not watched has not been proved.
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
    """The clocks of a machine. `boot` names what the monotonic one counts from; empty where nothing tells."""

    boot: str
    monotonic: Clock
    wall: Clock


@dataclass(frozen=True, slots=True)
class ClockRecord:
    """How the clock is set: so many seconds ahead of the monotonic one of a boot."""

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
    """The same for the manager, which writes down how it is set."""
    machine = machine or this_machine()
    known = store.document(_DOCUMENT, ClockRecord)
    record = _set(known, cluster, machine)
    if record != known:
        try:
            with store.transaction():
                store.put_document(_DOCUMENT, record)
        except StoreError as error:
            # A full disk: the next manager sets it anew.
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
