"""The cases of `run.py`: each damages stacks on a real engine, gives figures, and raises if one does not recover."""

import contextlib
import os
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from random import Random

from stackferry.emulator.engine.docker import DockerEngine
from stackferry.emulator.manager.lock import manager_pid
from tests.faults.engine import OwnEngine
from tests.faults.stack import COMPOSE, SMALL, HurtStack, Twice


@dataclass(slots=True)
class Place:
    """Where a case works: `own` is an engine that may be killed, None where only others' is there."""

    engine: DockerEngine
    image: str
    folder: Path
    chance: Random
    own: OwnEngine | None = None
    made: list[HurtStack] = field(default_factory=list)

    def stack(self, name: str, **more: object) -> HurtStack:
        address = self.own.address if self.own else ""
        self.made.append(HurtStack(self.engine, self.folder / name, self.image, address=address, **more))  # type: ignore[arg-type]
        return self.made[-1]

    def close(self) -> None:
        if self.own and not self.own.answers():
            self.own.start()
        for stack in self.made:
            stack.close()
        self.made.clear()


Figures = dict[str, object]


def seconds(act: Callable[[], object]) -> float:
    begun = time.monotonic()
    act()
    return time.monotonic() - begun


def ended(process: subprocess.Popen[str], seconds: float = 120.0) -> tuple[int, str]:
    """The exit code of a command, and all it said."""
    try:
        out, err = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        out, err = process.communicate()
        raise AssertionError(f"{process.args!r} does not end: {out}{err}") from None
    assert "Traceback" not in err, err
    return process.returncode, out + err


def hurt(stack: HurtStack, words: Sequence[str], chance: Random, most: int) -> int:
    """Run a command, kill managers at random instants meanwhile, and the command goes on. How many were killed."""
    process = stack.start(*words)
    kills = 0
    for _ in range(chance.randint(1, most)):
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(chance.uniform(0.1, 2.0))
        # Sometimes there is a supervisor left, and sometimes it is for the command to begin another.
        kills += stack.kill_manager(alone=chance.random() < 0.5)
        if process.poll() is not None:
            break
    code, said = ended(process)
    while code == -signal.SIGKILL:
        # The manager was the command itself: whoever typed it types it again.
        code, said = ended(stack.start(*words))
    assert code == 0, f"{words}: {code} {said}\n{stack.log()}"
    return kills


def manager_kills(place: Place, kills: int = 50) -> Figures:
    """`kill -9` of the manager at random instants of up, update, rollback and down."""
    done: Counter[str] = Counter()
    rounds = looks = 0
    while sum(done.values()) < kills:
        rounds += 1
        it = place.stack(f"kills{rounds}")
        twice = Twice(it, ("web", "agent"))
        it.put("1")
        done["up"] += hurt(it, ("up", "-d"), place.chance, 4)
        it.settles()
        it.put("2")
        done["update"] += hurt(it, ("up", "-d"), place.chance, 4)
        it.settles()
        assert it.versions() == {"web": ["2"] * 3, "worker": ["2"] * 2, "agent": ["1"]}, it.versions()
        done["rollback"] += hurt(it, ("rollback", "web"), place.chance, 4)
        it.settles()
        it.eventually(lambda it=it: it.versions().get("web") == ["1"] * 3)  # type: ignore[misc]
        done["down"] += hurt(it, ("down",), place.chance, 3)
        twice.close()
        looks += twice.looks
        assert not twice.found, f"ran twice: {twice.found}\n{it.log()}"
        assert it.left() == [], it.left()
        assert it.volumes() == [f"{it.name}_data"], it.volumes()
        it.close()
    return {"kills": sum(done.values()), **done, "rounds": rounds, "looks for doubles": looks}


def container_kills(place: Place, rounds: int = 2) -> Figures:
    """`kill -9` of all containers at once, and one by one; gates included."""
    it = place.stack("containers")
    it.ok("up", "-d")
    it.settles()
    times = []
    for _ in range(rounds):
        before = {info.id for info in it.running()}
        victims = [info.pid or _pid(it, info.id) for info in it.containers() if info.running]

        def all_at_once(victims: list[int] = victims, before: set[str] = before) -> None:
            for pid in victims:
                os.kill(pid, signal.SIGKILL)
            it.eventually(lambda: not before & {info.id for info in it.running()})
            it.settles()

        times.append(seconds(all_at_once))
    one_by_one = []
    for victim in it.running():

        def kill(pid: int = _pid(it, victim.id), gone: str = victim.id) -> None:
            os.kill(pid, signal.SIGKILL)
            it.eventually(lambda: gone not in {info.id for info in it.running()})
            it.settles()

        one_by_one.append(seconds(kill))
    it.ok("down", "-v")
    assert (it.left(), it.volumes()) == ([], []), (it.left(), it.volumes())
    return {
        "all at once, s": [round(one, 1) for one in times],
        "killed": len(victims),
        "one by one": len(one_by_one),
        "longest, s": round(max(one_by_one), 2),
    }


def _pid(stack: HurtStack, container: str) -> int:
    info = stack.engine.inspect(container)
    assert info is not None
    return info.pid


def engine_restarts(place: Place) -> Figures:
    """dockerd ends or is killed while a stack runs, and during an update."""
    assert place.own is not None, "needs an engine of its own"
    figures: Figures = {}
    # A task that dies with its engine is a failure of the update, as in a swarm: with `pause` it would stop there.
    it = place.stack("restarts", text=COMPOSE.replace("monitor: 200ms", "monitor: 200ms, failure_action: continue"))
    it.ok("up", "-d")
    it.settles()
    version = 1
    for number in (signal.SIGTERM, signal.SIGKILL):
        manager = manager_pid(it.home)
        place.own.end(number)
        place.own.start()
        figures[f"{number.name} at rest, s"] = round(seconds(it.settles), 1)
        assert manager_pid(it.home) == manager, f"the manager did not live through {number.name}\n{it.log()}"
        version += 1
        took = _restart_in_update(place, it, str(version), number)
        took += seconds(partial(_all_of, it, str(version)))
        figures[f"{number.name} in an update, s"] = round(took, 1)
        assert manager_pid(it.home) == manager, f"the manager did not live through {number.name}\n{it.log()}"
    it.ok("down", "-v")
    assert it.left() == [], it.left()
    it = place.stack("pauses")
    it.ok("up", "-d")
    figures["SIGTERM in an update that pauses, s"] = round(_restart_in_update(place, it, "2", signal.SIGTERM), 1)
    it.ok("down", "-v")
    assert it.left() == [], it.left()
    return figures


def _all_of(it: HurtStack, version: str) -> None:
    it.eventually(lambda: set(it.versions()["web"]) == {version})


def _restart_in_update(place: Place, it: HurtStack, version: str, number: signal.Signals) -> float:
    """Seconds until as many run as should, once in each slot."""
    assert place.own is not None
    it.put(version)
    update = it.start("up", "-d")
    # In the middle of it: some tasks are of the new version and some are not.
    it.eventually(lambda: 1 <= it.versions().get("web", []).count(version) <= 2)
    place.own.end(number)
    place.own.start()
    took = seconds(partial(it.settles, 90))
    ended(update)
    return took


def disk_full(place: Place) -> Figures:
    """The disk of the state is full: what runs is healed, commands say why they cannot; then there is space."""
    it = place.stack("disk")
    disk = Path(it.environment["XDG_STATE_HOME"])
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk], check=True)
    try:
        return _on_full_disk(it, disk)
    finally:
        it.kill_manager()
        subprocess.run(["umount", "-l", disk], check=True)


def fill(disk: Path) -> int:
    """Leave not a byte; how many were left."""
    written = 0
    with (disk / "ballast").open("ab", buffering=0) as file:
        for size in (65536, 4096, 1):
            while True:
                try:
                    written += file.write(b"." * size)
                except OSError:
                    break
    return written


def _on_full_disk(it: HurtStack, disk: Path) -> Figures:
    it.ok("up", "-d")
    it.settles()
    figures: Figures = {"filled, KiB": fill(disk) // 1024}

    def heal() -> None:
        before = {info.id for info in it.running()}
        for container in before:
            os.kill(_pid(it, container), signal.SIGKILL)
        it.eventually(lambda: not before & {info.id for info in it.running()} and it.counts() == it.wanted)

    def heal_again() -> None:
        fill(disk)
        heal()

    figures["all killed, healed, s"] = [round(seconds(heal), 1), round(seconds(heal_again), 1)]
    codes: dict[str, int] = {}
    for words in (("scale", "web=4"), ("up", "-d"), ("ps",), ("services",), ("ls",), ("restart", "web"), ("down",)):
        fill(disk)
        it.put("2" if words[0] == "up" else "1")
        done = it.run(*words)
        assert "Traceback" not in done.stderr, f"{words}: {done.stderr}"
        assert "bug in stackferry" not in done.stderr, f"{words}: {done.stderr}"
        codes[words[0]] = done.returncode
        if done.returncode:
            assert done.returncode == 1, f"{words}: {done.returncode} {done.stderr}"
            assert "full" in done.stderr or "No space left" in done.stderr, f"{words}: {done.stderr}"
    figures["exit codes"] = codes
    assert it.counts() == it.wanted, it.counts()
    # A manager that dies now: nothing heals until there is space, and then the next command brings one.
    fill(disk)
    it.kill_manager()
    done = it.run("scale", "web=4")
    figures["without manager"] = done.returncode
    assert "Traceback" not in done.stderr, done.stderr
    assert "bug in" not in done.stderr, done.stderr
    (disk / "ballast").unlink()
    it.put("3")
    it.ok("up", "-d")
    it.settles()
    assert set(it.versions()["web"]) == {"3"}
    it.ok("down", "-v")
    assert it.left() == [], it.left()
    return figures


def at_once(place: Place, rounds: int = 5) -> Figures:
    """Two `up`s of one stack at once; `up` with `down` at once: what is left is whole or nothing."""
    codes: Counter[str] = Counter()
    for round_ in range(rounds):
        it = place.stack(f"twice{round_}", text=SMALL, wanted={"web": 2})
        both = [it.start("up", "-d") for _ in range(2)]
        found = [ended(one) for one in both]
        assert [code for code, _ in found] == [0, 0], f"{found}\n{it.log()}"
        it.settles()
        assert len(it.cluster().services) == 1
        codes["two ups"] += 1
        up, down = it.start("up", "-d"), None
        if place.chance.random() < 0.5:
            it.put("2")
        with contextlib.suppress(subprocess.TimeoutExpired):
            up.wait(place.chance.uniform(0.0, 1.0))
        down = it.start("down")
        (said_up, words_up), (said_down, words_down) = ended(up), ended(down)
        assert said_down == 0, f"{words_down}\n{it.log()}"
        _consistent(it, f"up {said_up} {words_up}; down {words_down}")
        codes[f"up beside down: up {said_up}, {'whole' if it.home.database.exists() else 'nothing'}"] += 1
        down = it.start("down")
        with contextlib.suppress(subprocess.TimeoutExpired):
            down.wait(place.chance.uniform(0.0, 0.8))
        up = it.start("up", "-d")
        (said_up, words_up), (said_down, words_down) = ended(up), ended(down)
        assert said_down == 0, f"{words_down}\n{it.log()}"
        _consistent(it, f"down {words_down}; up {said_up} {words_up}")
        codes[f"down beside up: up {said_up}, {'whole' if it.home.database.exists() else 'nothing'}"] += 1
        two = [it.start("down") for _ in range(2)]
        found = [ended(one) for one in two]
        assert [code for code, _ in found] == [0, 0], found
        assert it.left() == [], it.left()
        codes["two downs"] += 1
        it.close()
    return dict(codes)


def _consistent(it: HurtStack, story: str) -> None:
    """All of it, or nothing of it: never a part."""

    def holds() -> bool:
        if it.home.database.exists():
            return not it.wrong() and bool(it.tasks())
        return not it.left()

    try:
        it.eventually(holds, 30)
    except (AssertionError, OSError) as error:
        there = it.home.directory.exists() and sorted(one.name for one in it.home.directory.iterdir())
        words = f"neither whole nor gone: {it.counts()} {there} {it.left()} after {story}"
        raise AssertionError(f"{words}: {error}") from None


def many(place: Place, count: int = 20) -> Figures:
    """So many stacks at once, up and down."""
    stacks = [place.stack(f"many{index}", text=SMALL, wanted={"web": 2}) for index in range(count)]
    begun = time.monotonic()
    _all(stacks, "up", "-d")
    up = time.monotonic() - begun
    for stack in stacks:
        stack.settles()
    assert len({manager_pid(stack.home) for stack in stacks}) == count
    begun = time.monotonic()
    _all(stacks, "down")
    down = time.monotonic() - begun
    assert [left for stack in stacks for left in stack.left()] == []
    return {"stacks": count, "up, s": round(up, 1), "down, s": round(down, 1)}


def _all(stacks: Sequence[HurtStack], *words: str) -> None:
    """The same command for each, at once."""
    processes = [stack.start(*words) for stack in stacks]
    for stack, process in zip(stacks, processes, strict=True):
        code, said = ended(process, 400)
        assert code == 0, f"{said}\n{stack.log()}"


Case = Callable[[Place], Figures]

CASES: dict[str, Case] = {
    "managers": manager_kills,
    "containers": container_kills,
    "engine": engine_restarts,
    "disk": disk_full,
    "at-once": at_once,
    "many": many,
}
