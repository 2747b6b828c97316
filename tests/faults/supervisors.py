"""The cases of `run.py` that kill a manager: both kinds of supervision restart it, and never twice."""

import contextlib
import signal
import subprocess
import time
from pathlib import Path

from stackferry.emulator.manager.lock import manager_pid
from stackferry.emulator.manager.supervision import keeper
from tests.faults.cases import Case, Figures, Place, ended, fill, seconds
from tests.faults.stack import SMALL, HurtStack
from tests.faults.user_manager import UserManager, possible

WITHIN = 10.0
"""Seconds from the death of a manager and a task until both are back."""


def small(place: Place, name: str) -> HurtStack:
    return place.stack(name, text=SMALL, wanted={"web": 2})


def heal_alone(it: HurtStack) -> float:
    """Kill the manager, then a task, and type nothing; the seconds until another manager has healed it."""
    before, tasks = manager_pid(it.home), {info.id for info in it.running()}
    begun = time.monotonic()
    assert it.kill_manager(alone=True)
    victim = min(tasks)
    it.engine.kill(victim)
    it.eventually(lambda: victim not in {info.id for info in it.running()} and it.counts() == it.wanted)
    took = time.monotonic() - begun
    it.eventually(lambda: manager_pid(it.home) not in (None, before))
    return took


def managers(it: HurtStack) -> list[int]:
    """All processes that are managers or supervisors of the stack, by their command lines or the lock they hold."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            words = (folder / "cmdline").read_bytes().split(b"\0")
            if (b"supervisor.py" in b" ".join(words) or b"manager" in words) and any(
                word.endswith((it.name.encode(), str(it.home.directory).encode())) for word in words
            ):
                found.append(int(folder.name))
    return found


def told_and_mended(it: HurtStack) -> None:
    """Kill manager and supervisor and a task: every list says so, and a command that changes something mends it."""
    assert it.kill_manager()
    it.eventually(lambda: manager_pid(it.home) is None and keeper(it.home) is None)
    victim = it.running()[0]
    it.engine.kill(victim.id)
    gone = it.running()[0]
    it.engine.remove(gone.id)
    for words, shown in ((("services",), "0/2"), (("ps",), "Failed"), (("ls",), "none")):
        done = it.run(*words)
        assert (done.returncode, shown in done.stdout) == (0, True), f"{words}: {done.stdout}{done.stderr}"
        (line,) = done.stderr.splitlines()
        assert f"no manager of {it.name} is running (the last one was killed" in line, line
        assert f"stackferry manager start {it.name}" in line, line
    tasks = it.run("ps", "--no-trunc").stdout
    assert "non-zero exit (137)" in tasks, tasks
    assert "the container was removed" in tasks, tasks
    it.ok("scale", "web=2")
    it.settles()
    assert it.run("services").stderr == ""


def ends_all(it: HurtStack) -> None:
    """`down` leaves no process."""
    manager, supervisor = manager_pid(it.home), keeper(it.home)
    assert manager
    assert supervisor is not None
    it.ok("down")
    it.eventually(lambda: not Path(f"/proc/{manager}").exists() and not Path(f"/proc/{supervisor.pid}").exists())
    assert it.left() == [], it.left()
    it.eventually(lambda: managers(it) == [])


def by_process(place: Place, rounds: int = 3) -> Figures:
    """The small process of our own."""
    it = small(place, "process")
    it.ok("up", "-d")
    it.settles()
    first = [heal_alone(it)]
    it.eventually(lambda: not first_of(it))
    times = first + [heal_alone(it) for _ in range(rounds - 1)]
    assert max(times) < WITHIN, f"{times}\n{it.log()}"
    size = resident(keeper_pid(it))
    told_and_mended(it)
    it.eventually(lambda: not first_of(it))
    ends_all(it)
    return {"healed, s": [round(one, 2) for one in times], "supervisor, KiB": size}


def first_of(it: HurtStack) -> bool:
    """Whether the supervisor is still the process that `up` left."""
    return b"supervisor.py" not in Path(f"/proc/{keeper_pid(it)}/cmdline").read_bytes()


def keeper_pid(it: HurtStack) -> int:
    there = keeper(it.home)
    assert there is not None, it.log()
    return there.pid


def resident(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))


def by_systemd(place: Place, rounds: int = 3) -> Figures:
    """A user manager of systemd, which is started for this."""
    assert possible(), "needs systemd, and root"
    it = small(place, "systemd")
    systemd = UserManager(it.folder / "user")
    it.environment.update(systemd.environment({}))
    try:
        it.ok("up", "-d")
        it.settles()
        it.eventually(lambda: (there := keeper(it.home)) is not None and there.unit)
        (unit,) = systemd.units()
        times = [heal_alone(it) for _ in range(rounds)]
        assert max(times) < WITHIN, f"{times}\n{it.log()}"
        assert systemd.ask("show", "--property=MainPID", "--value", unit) == str(manager_pid(it.home))
        it.ok("down")
        it.eventually(lambda: systemd.units() == [] and managers(it) == [])
        assert it.left() == [], it.left()
        # Told to end, it stays away; and a command that changes something brings both back.
        it.ok("up", "-d")
        it.ok("manager", "stop", it.name)
        it.eventually(lambda: systemd.units() == [] and manager_pid(it.home) is None)
        it.ok("scale", "web=2")
        it.settles()
        it.eventually(lambda: len(systemd.units()) == 1)
        it.ok("down")
        it.eventually(lambda: systemd.units() == [] and managers(it) == [])
        assert it.left() == [], it.left()
    finally:
        systemd.close()
    return {"healed, s": [round(one, 2) for one in times]}


def races(place: Place, rounds: int = 6) -> Figures:
    """`up`, `manager start`, `scale` and `manager run` at once, while managers are killed: one manager at a time."""
    it = small(place, "races")
    it.ok("up", "-d")
    kills = 0
    for _ in range(rounds):
        commands = [("up", "-d"), ("manager", "start", it.name), ("scale", "web=2"), ("manager", "run", it.name)]
        started = [it.start(*words) for words in commands]
        for _ in range(3):
            with contextlib.suppress(subprocess.TimeoutExpired):
                started[0].wait(place.chance.uniform(0.05, 0.6))
            kills += it.kill_manager(alone=True)
        *others, foreground = started
        for process in others:
            code, said = ended(process)
            assert code == 0, f"{process.args}: {code} {said}\n{it.log()}"
        if foreground.poll() is None:
            foreground.send_signal(signal.SIGTERM)
        ended(foreground)
        it.ok("scale", "web=2")
        it.settles()
        it.eventually(lambda: len([pid for pid in managers(it) if pid != _keeper_or_0(it)]) <= 1)
    ends_all_if_kept(it)
    return {"rounds": rounds, "kills": kills}


def _keeper_or_0(it: HurtStack) -> int:
    there = keeper(it.home)
    return there.pid if there else 0


def ends_all_if_kept(it: HurtStack) -> None:
    it.ok("down")
    it.eventually(lambda: managers(it) == [])
    assert it.left() == [], it.left()


def down_on_full_disk(place: Place) -> Figures:
    """`down` where nothing can be saved and no manager lives: it ends, with one line more than its progress."""
    it = small(place, "full")
    disk = Path(it.environment["XDG_STATE_HOME"])
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk], check=True)
    try:
        it.ok("up", "-d")
        it.settles()
        fill(disk)
        it.kill_manager()
        it.eventually(lambda: manager_pid(it.home) is None)
        fill(disk)
        told: list[str] = []

        def down() -> None:
            done = it.run("down")
            told.extend(line for line in done.stderr.splitlines() if not line.startswith("Removing service"))
            assert done.returncode == 0, done.stderr

        took = seconds(down)
        assert len(told) <= 1, told
        assert it.left() == [], it.left()
    finally:
        it.kill_manager()
        subprocess.run(["umount", "-l", disk], check=True)
    return {"s": round(took, 1), "said": told}


def two_ups(place: Place) -> Figures:
    """Two `up`s with different files at once: the one whose file is not in force says so and fails."""
    it = place.stack(
        "lost",
        text=SMALL.replace(
            "stop_grace_period", "healthcheck: {{test: [CMD, 'false'], interval: 60s}}\n    stop_grace_period"
        ),
        wanted={"web": 2},
    )
    first = it.start("up", "-d")
    it.eventually(lambda: it.home.database.exists() and bool(it.cluster().services))
    it.text = SMALL
    it.put("2")
    second = it.start("up", "-d")
    (lost, words), (won, said) = ended(first), ended(second)
    assert (lost, won) == (1, 0), f"{words}\n{said}"
    assert f"this deployment was superseded by another one of {it.folder}/compose.yaml, by process {second.pid} at" in (
        words
    ), words
    it.settles()
    it.ok("down")
    assert it.left() == [], it.left()
    return {"lost": words.splitlines()[-2:]}


CASES: dict[str, Case] = {
    "process": by_process,
    "systemd": by_systemd,
    "races": races,
    "disk-down": down_on_full_disk,
    "two-ups": two_ups,
}
