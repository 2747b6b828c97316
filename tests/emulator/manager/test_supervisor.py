"""Supervisors as real processes, with managers that only hold the lock."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from stackferry.emulator.manager import supervisor
from stackferry.emulator.manager.lock import ManagerLock, holder, manager_pid
from stackferry.emulator.manager.supervisor import born, claim, outlive, resigned
from stackferry.emulator.store.directories import Home
from tests.faults.user_manager import UserManager, possible

MANAGER = """
import fcntl, os, signal, sys, time
folder, = sys.argv[1:]
lock = os.open(folder + "/manager.lock", os.O_RDWR | os.O_CREAT, 0o600)
def stop(*_):
    os.pwrite(lock, b" " * 10, 0)
    os._exit(0)
for number in (signal.SIGTERM, signal.SIGINT):
    signal.signal(number, stop)
try:
    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
except OSError:
    sys.exit(1)
with open(folder + "/begun", "a") as file:
    file.write("%d\\n" % os.getpid())
os.pwrite(lock, b"%-10d" % os.getpid(), 0)
if os.path.exists(folder + "/crash"):
    sys.exit(3)
while True:
    time.sleep(60)
"""
"""What a manager does to its folder, and nothing else. It crashes while there is a file `crash`."""

PATIENCE = 60.0


def eventually(holds: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end, "did not come true"
        time.sleep(0.02)


class Rig:
    """The folder of a stack, and the processes that were started for it."""

    def __init__(self, folder: Path) -> None:
        self.home = Home(folder / "home")
        self.home.directory.mkdir()
        self.home.database.touch()
        program = folder / "manager.py"
        program.write_text(MANAGER, encoding="utf-8")
        self.command = [sys.executable, "-I", "-S", str(program), str(self.home.directory)]
        self.processes: list[subprocess.Popen[bytes]] = []

    def start(self, *words: str, pauses: str = "", **more: str) -> subprocess.Popen[bytes]:
        """A supervisor, as it is started; with other pauses in a wrapper."""
        interpreter = [sys.executable, "-I", "-S"]
        run = [*interpreter, supervisor.__file__]
        if pauses:
            load = f"import sys; it = dict(__name__='it', __file__={supervisor.__file__!r})"
            load += "; exec(open(it['__file__']).read(), it)"
            run = [*interpreter, "-c", f"{load}; it['PAUSES'] = {pauses}; sys.exit(it['main'](sys.argv[1:]))"]
        made = subprocess.Popen([*run, *words], env={**os.environ, **more}, start_new_session=True)
        self.processes.append(made)
        return made

    def keep(self, *unit: str, pauses: str = "", **more: str) -> subprocess.Popen[bytes]:
        words = ["keep", str(self.home.directory), "-1", "0", str(len(unit)), *unit, *self.command]
        return self.start(*words, pauses=pauses, **more)

    def manager(self, after: int = 0) -> int:
        """The manager, once there is another than `after`."""
        eventually(lambda: manager_pid(self.home) not in (None, 0, after))
        return manager_pid(self.home) or 0

    def killed(self) -> int:
        """The manager that comes after one that is killed."""
        before = self.manager()
        os.kill(before, signal.SIGKILL)
        return self.manager(before)

    def begun(self) -> int:
        """How many managers there were."""
        return len((self.home.directory / "begun").read_text(encoding="ascii").splitlines())

    def log(self) -> str:
        return self.home.log.read_text(encoding="utf-8") if self.home.log.exists() else ""

    def close(self) -> None:
        self.home.database.unlink(missing_ok=True)
        for process in self.processes:
            process.kill()
            process.wait()
        if pid := manager_pid(self.home):
            os.kill(pid, signal.SIGKILL)


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    made = Rig(tmp_path)
    yield made
    made.close()


def test_a_killed_manager_is_started_again_and_the_log_says_why(rig: Rig) -> None:
    it = rig.keep()
    first = rig.manager()

    second = rig.killed()

    assert second != first
    assert f"(process {first}) was killed by signal 9: restarting it\n" in rig.log()
    assert it.poll() is None


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_one_that_ends_on_purpose_is_not(rig: Rig, number: signal.Signals) -> None:
    it = rig.keep()
    os.kill(rig.manager(), number)

    assert it.wait(PATIENCE) == 0
    assert manager_pid(rig.home) is None
    assert rig.begun() == 1


def test_nor_one_whose_stack_is_gone(rig: Rig) -> None:
    it = rig.keep()
    manager = rig.manager()
    rig.home.database.unlink()
    os.kill(manager, signal.SIGKILL)

    assert it.wait(PATIENCE) == 0
    assert rig.begun() == 1


def test_pauses_grow_and_then_it_gives_up_aloud(rig: Rig) -> None:
    (rig.home.directory / "crash").touch()
    it = rig.keep(pauses="(0.0, 0.0, 1.0)")

    assert it.wait(PATIENCE) == 1

    lines = [line.partition(") ")[2] for line in rig.log().splitlines()]
    assert lines[:3] == ["ended with exit code 3: restarting it"] * 2 + ["ended with exit code 3: restarting it in 1 s"]
    assert lines[3].startswith("ended with exit code 3, like 4 in a row within 60 s: giving up")
    assert rig.begun() == 4


def test_a_second_supervisor_leaves_at_once(rig: Rig) -> None:
    first = rig.keep()
    rig.manager()

    assert rig.keep().wait(PATIENCE) == 0
    assert first.poll() is None
    assert rig.begun() == 1


def test_many_at_once_are_one(rig: Rig) -> None:
    for _ in range(6):
        rig.keep()
    rig.manager()
    eventually(lambda: sum(one.poll() is None for one in rig.processes) == 1)
    rig.killed()

    assert [one.poll() for one in rig.processes if one.poll() is not None] == [0] * 5
    assert rig.begun() == 2


def test_who_wants_a_manager_ends_the_pause(rig: Rig) -> None:
    it = rig.keep(pauses="(900.0,)")
    first = rig.manager()
    os.kill(first, signal.SIGKILL)
    eventually(lambda: "restarting it in 900 s" in rig.log())

    assert rig.keep().wait(PATIENCE) == 0

    assert rig.manager() != first
    assert it.poll() is None


def test_nothing_is_started_beside_another_manager(rig: Rig) -> None:
    it = rig.keep(pauses="(2.0,)")
    os.kill(rig.manager(), signal.SIGKILL)
    lock = ManagerLock(rig.home)
    eventually(lock.acquire)

    assert it.wait(PATIENCE) == 0
    assert rig.begun() == 1
    assert manager_pid(rig.home) == os.getpid()
    lock.release()


def test_it_is_small(rig: Rig) -> None:
    it = rig.keep()
    rig.manager()

    (size,) = (
        int(line.split()[1])
        for line in Path(f"/proc/{it.pid}/status").read_text(encoding="ascii").splitlines()
        if line.startswith("VmRSS")
    )
    assert size < 16_000, f"{size} KiB"


def test_a_unit_takes_over_from_the_manager_outside_of_it(rig: Rig) -> None:
    outside = subprocess.Popen(rig.command, start_new_session=True)
    before = f"{rig.manager()}/{born(outside.pid)}"
    words = ("unit", str(rig.home.directory), before, *rig.command)
    unit = rig.start(*words)
    eventually(lambda: holder(rig.home.supervisor) == f"{unit.pid} unit")

    outside.kill()
    outside.wait()

    # systemd sees the end of the process that it started: it is the manager now.
    assert rig.manager() == unit.pid
    assert holder(rig.home.supervisor) == f"{unit.pid} unit"
    unit.kill()
    unit.wait()
    again = rig.start(*words)
    assert rig.manager(unit.pid) == again.pid


def test_a_unit_ends_with_a_manager_that_was_told_to(rig: Rig) -> None:
    outside = subprocess.Popen(rig.command, start_new_session=True)
    rig.manager()
    unit = rig.start("unit", str(rig.home.directory), f"{outside.pid}/{born(outside.pid)}", *rig.command)
    eventually(lambda: holder(rig.home.supervisor) == f"{unit.pid} unit")

    outside.terminate()
    outside.wait()

    assert unit.wait(PATIENCE) == 0
    assert rig.begun() == 1


STAND_IN = """#!/bin/sh
echo "$@" >{folder}/asked
[ -e {folder}/away ] && {{ echo 'Failed to connect to bus' >&2; exit 1; }}
while [ "$1" != -- ]; do shift; done
shift
"$@" &
echo $! >{folder}/unit
"""
"""A systemd-run that starts what it is told, once."""


@pytest.fixture
def stand_in(tmp_path: Path) -> Path:
    program = tmp_path / "systemd-run"
    program.write_text(STAND_IN.format(folder=tmp_path), encoding="utf-8")
    program.chmod(0o755)
    return program


def test_systemd_takes_over(rig: Rig, stand_in: Path) -> None:
    it = rig.keep(str(stand_in), "--user")

    assert it.wait(PATIENCE) == 0
    # Where no manager was there before, it is in its unit from the beginning.
    unit = int((stand_in.parent / "unit").read_text(encoding="ascii"))
    assert rig.manager() == unit
    assert (stand_in.parent / "asked").read_text(encoding="utf-8").startswith("--user -- ")
    assert rig.begun() == 1


def test_without_it_the_process_goes_on(rig: Rig, stand_in: Path) -> None:
    (stand_in.parent / "away").touch()
    it = rig.keep(str(stand_in), "--user")
    rig.killed()

    assert "systemd does not accept a unit for the manager: a stackferry process supervises it instead" in rig.log()
    assert it.poll() is None


def test_the_same_if_the_program_is_gone(rig: Rig) -> None:
    it = rig.keep("/usr/bin/systemd-run-that-is-not-there", "--user")
    rig.manager()

    assert "cannot run /usr/bin/systemd-run-that-is-not-there: No such file or directory" in rig.log()
    assert it.poll() is None


@pytest.mark.skipif(not possible(), reason="no systemd to start here, or not root")
def test_a_real_user_manager_of_systemd(rig: Rig, tmp_path: Path) -> None:
    from stackferry.emulator.manager.supervision import restarting, supervision, unit_name

    systemd = UserManager(tmp_path)
    try:
        environment = systemd.environment(dict(os.environ))
        unit = supervision(rig.home, "shop", environment).unit
        assert rig.keep(*unit, **environment).wait(PATIENCE) == 0
        rig.manager()
        assert systemd.units() == [unit_name(rig.home, "shop")]

        first = rig.manager()
        os.kill(first, signal.SIGKILL)
        eventually(lambda: manager_pid(rig.home) is None)
        assert restarting(rig.home, "shop", environment)
        second = rig.manager(first)
        assert holder(rig.home.supervisor) == f"{second} unit"

        os.kill(second, signal.SIGTERM)
        eventually(lambda: not systemd.units())
        assert manager_pid(rig.home) is None
        assert rig.begun() == 2
        assert not restarting(rig.home, "shop", environment)
    finally:
        systemd.close()


def test_the_lock_of_a_folder_that_was_removed_means_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "home"
    folder.mkdir()
    first = claim(str(folder))
    assert first is not None
    assert claim(str(folder)) is None
    folder.rename(tmp_path / "aside")
    assert claim(str(folder)) is None
    folder.mkdir()
    second = claim(str(folder))

    assert second is not None
    os.close(first)
    os.close(second)


def test_who_has_left_on_purpose_has_taken_its_name_off(tmp_path: Path) -> None:
    lock = ManagerLock(Home(tmp_path))
    assert resigned(str(tmp_path))
    assert lock.acquire()
    assert not resigned(str(tmp_path))
    lock.resign()
    assert resigned(str(tmp_path))
    assert manager_pid(lock.home) == 0
    lock.release()


def test_another_process_of_the_same_number_is_not_waited_for() -> None:
    assert born(os.getpid())
    outlive(f"{os.getpid()}/1")
    outlive(f"{os.getpid()}/")
    assert born(2**22 + 1) == ""
