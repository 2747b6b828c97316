"""Which processes are ended: one that waits for a CPU is not, however long that takes."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.fuzz.effort import LONGEST, STALLED, Effort, Seen, family, look


class Machine:
    """A process as it is seen, and the clock on the wall."""

    def __init__(self) -> None:
        self.time = 100.0
        self.seen = Seen(5.0, waits=False)
        self.effort = Effort(1, 10.0, lambda _: self.seen, lambda: self.time)

    def after(self, seconds: float, used: float = 0.0, *, waits: bool = False) -> str:
        self.time += seconds
        self.seen = Seen(self.seen.seconds + used, waits)
        return self.effort.lost()


def test_who_works_is_ended_by_the_work() -> None:
    it = Machine()

    assert [it.after(50.0, 4.0) for _ in range(2)] == ["", ""]
    assert it.after(1.0, 4.0) == "slow: more than 10 s"


def test_a_machine_that_gives_it_hardly_a_cpu_loses_nobody() -> None:
    it = Machine()

    assert {it.after(1.0, 0.01) for _ in range(800)} == {""}
    assert {it.after(1.0, waits=True) for _ in range(800)} == {""}


def test_who_does_nothing_hangs() -> None:
    it = Machine()

    assert {it.after(1.0) for _ in range(round(STALLED))} == {""}
    assert it.after(1.0) == "hung"


def test_a_machine_that_stood_still_loses_nobody() -> None:
    it = Machine()

    assert [it.after(1.0), it.after(STALLED * 5), it.after(1.0)] == ["", "", ""]


def test_who_only_looks_now_and_then_hangs_as_well() -> None:
    it = Machine()

    assert [it.after(1.0, 0.001) for _ in range(round(STALLED) + 1)][-1] == "hung"


def test_nobody_is_waited_for_for_ever() -> None:
    it = Machine()

    assert it.after(LONGEST + 1, waits=True) == "hung"


def test_each_thing_that_it_does_is_counted_for_itself() -> None:
    it = Machine()
    for _ in range(5):
        assert it.after(30.0, 9.0) == ""
        it.effort.anew()


@contextmanager
def running(script: str) -> Iterator[int]:
    """Python at work; its children with it."""
    process = subprocess.Popen([sys.executable, "-c", script])
    try:
        yield process.pid
    finally:
        Effort(process.pid, 1.0).end()
        process.wait()


def eventually(pid: int, seconds: float) -> Seen:
    while (seen := look(pid)).seconds < seconds:
        time.sleep(0.05)
    return seen


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the kernel does not tell")
def test_the_work_of_children_counts_and_they_end_with_it() -> None:
    spin = "import time\nwhile time.process_time() < {}: pass\n"
    ended = f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {spin.format(0.3)!r}])\n"
    with running(ended + f"subprocess.run([sys.executable, '-c', {spin.format(1000)!r}])\n") as pid:
        assert eventually(pid, 0.6).waits
        members = set(family(pid))
        assert len(members) == 2
    while any(is_alive(pid) for pid in members):
        time.sleep(0.05)


def is_alive(pid: int) -> bool:
    """Neither gone nor waiting only for somebody to ask how it ended."""
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2]
    except OSError:
        return False
