"""The stack's clock: the same for all processes of a boot, and never behind the stored time after another boot."""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from stackferry.emulator.cluster.objects import Cluster, RestartHistory, Task
from stackferry.emulator.cluster.spec import TaskTemplate
from stackferry.emulator.store.clock import Machine, keep_clock, read_clock, this_machine
from stackferry.emulator.store.store import Store, StoreError

NOON = 1_700_000_000.0
HOUR = 3600.0


@dataclass
class Clocks:
    """Those of a machine that has run for a while."""

    boot: str = "first"
    monotonic: float = 50.0
    wall: float = NOON

    def machine(self) -> Machine:
        return Machine(self.boot, lambda: self.monotonic, lambda: self.wall)

    def passes(self, seconds: float) -> None:
        self.monotonic += seconds
        self.wall += seconds


def cluster(*times: tuple[float, float]) -> Cluster:
    """Tasks by when they were made, and when they came to their state."""
    tasks = (
        Task(f"t{number}", "s", 1, TaskTemplate(), created_at=made, at=at) for number, (made, at) in enumerate(times)
    )
    return Cluster(tasks={task.id: task for task in tasks})


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store.db")


def test_it_begins_with_the_time_of_day_and_never_jumps(store: Store) -> None:
    it = Clocks()
    clock = keep_clock(store, Cluster(), it.machine())
    assert clock() == NOON

    it.passes(2.0)
    it.wall -= HOUR

    assert clock() == NOON + 2


@pytest.mark.parametrize("by", [-HOUR, HOUR])
def test_the_next_manager_and_every_command_have_the_same_clock(store: Store, by: float) -> None:
    it = Clocks()
    keep_clock(store, Cluster(), it.machine())
    it.wall += by
    it.passes(3.0)

    assert read_clock(store, Cluster(), it.machine())() == NOON + 3
    assert keep_clock(store, Cluster(), it.machine())() == NOON + 3


@pytest.mark.parametrize(("wall", "expected"), [(NOON + HOUR, NOON + HOUR), (NOON - HOUR, NOON + 9)])
def test_after_a_boot_it_is_set_to_the_time_of_day_or_to_what_is_stored(
    store: Store, wall: float, expected: float
) -> None:
    keep_clock(store, Cluster(), Clocks().machine())
    stored = cluster((NOON, NOON + 5), (NOON + 9, NOON + 9))
    it = Clocks("second", 1.0, wall)

    assert read_clock(store, stored, it.machine())() == expected
    assert keep_clock(store, stored, it.machine())() == expected
    it.passes(1.0)
    assert read_clock(store, stored, it.machine())() == expected + 1


def test_a_store_from_before_there_was_such_a_clock(store: Store) -> None:
    """Its times are the time of day's, of a clock that was set back since."""
    stored = cluster((NOON, NOON + HOUR))

    assert keep_clock(store, stored, Clocks().machine())() == NOON + HOUR


def test_times_of_restarts_are_not_later_than_now_either(store: Store) -> None:
    stored = Cluster(history={("s", 1): RestartHistory(1, 1, (NOON + 7,))})

    assert keep_clock(store, stored, Clocks().machine())() == NOON + 7


def test_where_nothing_tells_of_boots_each_manager_begins_anew(store: Store) -> None:
    it = Clocks(boot="")
    keep_clock(store, Cluster(), it.machine())
    it.wall += HOUR

    assert keep_clock(store, Cluster(), it.machine())() == NOON + HOUR


def test_a_full_disk_keeps_nobody_from_having_it(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise StoreError("database or disk is full")

    monkeypatch.setattr(store, "put_document", full)

    assert keep_clock(store, Cluster(), Clocks().machine())() == NOON


def test_processes_of_one_boot_agree(tmp_path: Path) -> None:
    here = this_machine()
    script = (
        "from stackferry.emulator.store.clock import this_machine; it = this_machine(); print(it.boot, it.monotonic())"
    )
    begun = here.monotonic()
    said = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.split()

    assert said[:-1] == here.boot.split()
    assert begun < float(said[-1]) < here.monotonic()
