"""`stackferry up` and its siblings against a real swarm and the real compose, on one engine, as ratios in one run.

`python -m benchmarks.emulator [--replicas N] [--tasks N] [--engine ADDRESS]`; as root. Without an address it starts a
dockerd of its own (tests/swarm/up.sh). Each side does the same with the same file: up, heal a task that was killed,
scale up and back, down. All are watched in the same way, by the engine's events, from the moment the command is
given until the engine has what was wanted, whether the command has ended or not (that of a swarm ends at once); for
down, until the command has ended, too. The best of some rounds counts.
"""

import argparse
import math
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import docker
import yaml

from benchmarks.measure import ours, peer
from benchmarks.watch import Watch
from stackferry.emulator.engine.docker import DockerEngine
from stackferry.emulator.manager.lock import manager_pid
from stackferry.emulator.manager.supervision import keeper
from stackferry.emulator.store.directories import Home, home
from tests.compose5.build import BINARY, built
from tests.engine.image import import_busybox
from tests.swarm.report import engine

STACK = """\
services:
  web:
    image: {image}
    command: ["sh", "-c", "trap 'exit 0' TERM; sleep 100000 & wait"]
    deploy:
      replicas: {replicas}
      restart_policy: {{delay: 0s}}
    restart: always
"""
Times = dict[str, float]


class Side:
    """One of the compared systems. `label` marks its containers, `program` is its command."""

    name = ""
    label = ""
    program: Sequence[str] = ()

    def __init__(self, folder: Path, address: str) -> None:
        self.folder, self.address = folder, address
        self.api = docker.APIClient(base_url=address, timeout=120)

    @property
    def environment(self) -> Mapping[str, str]:
        """The environment of its programs."""
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "DOCKER_HOST": self.address,
            "XDG_STATE_HOME": str(self.folder / "state"),
            "XDG_RUNTIME_DIR": str(self.folder),
        }

    def begin(self, *words: str) -> Callable[[], None]:
        """Start a program; the result waits for its end and raises RuntimeError with its output on failure."""
        process = subprocess.Popen(
            words, cwd=self.folder, env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        )

        def finish() -> None:
            said = process.communicate()[1]
            if process.returncode:
                raise RuntimeError(f"{' '.join(words)}: {said[-1000:]}")

        return finish

    def until(self, wanted: Callable[[], bool], begun: float, limit: float = 120.0) -> float:
        """Seconds from `begun` until `wanted`."""
        return self.watch.until(wanted, limit) - begun

    def round(self, replicas: int) -> Times:
        """Run each step once."""
        few = replicas // 4
        times: Times = {}
        with self.watched():
            begun = time.monotonic()
            finish = self.up()
            times["up"] = self.until(lambda: len(self.watch.running) == replicas, begun)
            finish()
            times["heal"] = self.heal()
            times[f"scale {replicas} to {few}"] = self.scaled(few)
            times[f"scale {few} to {replicas}"] = self.scaled(replicas)
            begun = time.monotonic()
            self.down()
            times["down"] = self.until(lambda: not self.watch.there, begun)
        return times

    def watched(self) -> Watch:
        """Watch its containers in a `with` block."""
        self.watch = Watch(docker.APIClient(base_url=self.address, timeout=600), self.label)
        return self.watch

    def scaled(self, replicas: int) -> float:
        """Seconds until so many replicas run."""
        begun = time.monotonic()
        finish = self.scale(replicas)
        seconds = self.until(lambda: len(self.watch.running) == replicas, begun)
        finish()
        return seconds

    def heal(self) -> float:
        """Seconds from a kill until a new task runs; median of five."""
        return statistics.median(self._healed() for _ in range(5))

    def _healed(self) -> float:
        before = set(self.watch.running)
        victim = min(before)
        begun = time.monotonic()
        self.api.kill(victim)
        return self.until(lambda: len(self.watch.running - {victim}) == len(before), begun)

    def up(self) -> Callable[[], None]:
        """Start it."""
        return self.begin(*self.program, "up", "-d")

    def scale(self, replicas: int) -> Callable[[], None]:
        """Scale it."""
        return self.begin(*self.program, "scale", f"web={replicas}")

    def down(self) -> None:
        """End it."""
        self.begin(*self.program, "down")()


class Ours(Side):
    """stackferry with a background manager and webnet."""

    name = "stackferry"
    label = "com.docker.swarm.service.name=bench_web"
    program = (*ours(), "-p", "bench")

    @property
    def home(self) -> Home:
        """The manager's state folder."""
        return home(self.environment, "bench")


def compose5() -> list[str]:
    """Docker compose 5 if it is built (`make compose5`); else the older one from PyPI."""
    path = built(BINARY)
    return [str(path)] if path else peer()


class Compose(Side):
    """The real docker compose."""

    name = "compose"
    label = "com.docker.compose.project=bench"
    program = (*compose5(), "-p", "bench")

    def heal(self) -> float:
        """Not measured: only the restart policy heals, and not a container killed by hand."""
        return float("nan")


class Swarm(Side):
    """A real swarm, through docker's own command line."""

    name = "swarm"
    label = "com.docker.swarm.service.name=bench_web"

    def __init__(self, folder: Path, address: str) -> None:
        super().__init__(folder, address)
        if self.api.info()["Swarm"]["LocalNodeState"] == "inactive":
            self.api.init_swarm(advertise_addr="127.0.0.1")

    def up(self) -> Callable[[], None]:
        """As a stack."""
        # The key is compose's; no version of the file format has it.
        text = (self.folder / "compose.yaml").read_text().replace("    restart: always\n", "")
        (self.folder / "stack.yaml").write_text('version: "3.8"\n' + text)
        return self.begin("docker", "stack", "deploy", "-c", "stack.yaml", "bench")

    def scale(self, replicas: int) -> Callable[[], None]:
        """As a service."""
        return self.begin("docker", "service", "scale", "--detach", f"bench_web={replicas}")

    def down(self) -> None:
        """As a stack; a swarm refuses to remove the network while tasks end, so this retries."""
        end = time.monotonic() + 120
        while True:
            try:
                return self.begin("docker", "stack", "rm", "bench")()
            except RuntimeError as error:
                if "in use by task" not in str(error) or time.monotonic() > end:
                    raise


class Bare(Side):
    """Bare engine calls, all containers in parallel: the lower bound of time."""

    name = "bare calls"
    label = "bench=bare"

    def round(self, replicas: int) -> Times:
        """Only up, heal and down."""
        door = DockerEngine(self.address)
        config = yaml.safe_load((self.folder / "compose.yaml").read_text())["services"]["web"]
        network = door.create_network("bench-bare", {"Labels": {"bench": "bare"}})
        body = {
            "Image": config["image"],
            "Cmd": config["command"],
            "Labels": {"bench": "bare"},
            "HostConfig": {"NetworkMode": network},
        }

        def start(number: int) -> str:
            made = door.create(f"bare{number}", body)
            door.start(made)
            return made

        def healed(at: int) -> float:
            victim, begun = made[at], time.monotonic()
            door.kill(victim)
            made[at] = start(replicas + at)
            seconds = time.monotonic() - begun
            door.remove(victim)
            return seconds

        def end(container: str) -> None:
            door.stop(container)
            door.remove(container)

        with ThreadPoolExecutor(replicas) as pool:
            begun = time.monotonic()
            made = list(pool.map(start, range(replicas)))
            up = time.monotonic() - begun
            heal = statistics.median(healed(at) for at in range(min(5, replicas)))
            begun = time.monotonic()
            list(pool.map(end, made))
            down = time.monotonic() - begun
        door.remove_network(network)
        return {"up": up, "heal": heal, "down": down}


SIDES: Sequence[type[Side]] = (Ours, Compose, Bare, Swarm)
GOALS: Sequence[tuple[str, str, float]] = (
    ("up", "bare calls", 1.15),
    ("up", "swarm", 0.75),
    ("heal", "bare calls", 1.1),
    ("heal", "swarm", 0.5),
    ("down", "compose", 0.95),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Parse the options, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--replicas", type=int, default=20, metavar="N", help="of the service (default 20)")
    parser.add_argument("--rounds", type=int, default=2, metavar="N", help="of which the best counts (default 2)")
    parser.add_argument("--tasks", type=int, default=100, metavar="N", help="that the idle manager has (default 100)")
    parser.add_argument("--engine", default="", metavar="ADDRESS", help="a dockerd to use; it becomes a swarm")
    parser.add_argument("--deaths", type=int, default=0, metavar="N", help="kill so many tasks at once, too (say 500)")
    options = parser.parse_args(arguments)
    with engine(options.engine) as address, tempfile.TemporaryDirectory(prefix="sf-") as scratch:
        door = DockerEngine(address)
        image = import_busybox(door)
        print(f"engine {door.version().version}, {options.replicas} replicas, seconds, best of {options.rounds}")
        print(f"compose is {BINARY.name if built(BINARY) else 'the one of PyPI'}")
        _compare(Path(scratch), address, image, options)
        if options.tasks:
            _idle(Path(scratch), address, image, options.tasks)
        if options.deaths:
            _deaths(Path(scratch), address, image, options.deaths)
    return 0


def _folder(scratch: Path, name: str, image: str, replicas: int) -> Path:
    folder = scratch / name
    folder.mkdir()
    (folder / "compose.yaml").write_text(STACK.format(image=image, replicas=replicas))
    return folder


def _compare(scratch: Path, address: str, image: str, options: Any) -> None:
    best: dict[str, Times] = {}
    sides = [kind(_folder(scratch, kind.name, image, options.replicas), address) for kind in SIDES]
    for _ in range(options.rounds):
        # Sides alternate, so that a busy moment hits all of them.
        for side in sides:
            for what, seconds in side.round(options.replicas).items():
                times = best.setdefault(side.name, {})
                times[what] = min(times.get(what, seconds), seconds)
    print(f"{'':16}" + "".join(f"{kind.name:>12}" for kind in SIDES) + "   ours to compose, to swarm")
    for what, seconds in best[Ours.name].items():
        times = {kind.name: best[kind.name].get(what, math.nan) for kind in SIDES}
        row = "".join(f"{times[kind.name]:11.2f}s" for kind in SIDES)
        ratios = "".join(f"{seconds / times[kind.name]:12.2f}x" for kind in (Compose, Swarm))
        print(f"{what:16}{row}   {ratios}")
    for what, other, goal in GOALS:
        ratio = best[Ours.name][what] / best[other][what]
        floor = best[Bare.name][what] / best[other][what]
        print(
            f"goal: {what} at most {goal}x of {other}'s: {ratio:.2f}x, {'held' if ratio <= goal else 'SHORT'} "
            f"(the engine's bare calls alone: {floor:.2f}x)"
        )


def _idle(scratch: Path, address: str, image: str, tasks: int) -> None:
    """CPU and memory of an idle manager."""
    side = Ours(_folder(scratch, "idle", image, tasks), address)
    with side.watched():
        side.up()()
        side.until(lambda: len(side.watch.running) == tasks, time.monotonic())
    pid = manager_pid(side.home) or 0
    before, begun = _cpu(pid), time.monotonic()
    time.sleep(20)
    share = (_cpu(pid) - before) / (time.monotonic() - begun)
    print(f"an idle manager with {tasks} tasks: {share:.2%} of a core, {_resident(pid):.0f} MiB (goals 1 %, 80 MiB)")
    supervisor = keeper(side.home)
    print(f"its supervisor: {_resident(supervisor.pid) if supervisor else 0:.0f} MiB")
    side.down()


def _deaths(scratch: Path, address: str, image: str, count: int) -> None:
    """The manager when very many containers die at once; services of 100 tasks with a network each."""
    side = Ours(_folder(scratch, "deaths", image, 1), address)
    shares = [min(100, count - begun) for begun in range(0, count, 100)]
    services = {
        f"s{number}": {
            "image": image,
            "command": ["sleep", "100000"],
            "networks": [f"n{number}"],
            "stop_signal": "SIGKILL",
            "deploy": {"replicas": share, "restart_policy": {"delay": "0s"}},
        }
        for number, share in enumerate(shares)
    }
    networks: dict[str, None] = dict.fromkeys(f"n{number}" for number in range(len(shares)))
    (side.folder / "compose.yaml").write_text(yaml.safe_dump({"services": services, "networks": networks}))
    side.label = "com.docker.swarm.service.name"
    with side.watched() as seen:
        begun = time.monotonic()
        side.up()()
        print(f"{count} tasks up in {side.until(lambda: len(seen.running) == count, begun, 600):.0f} s")
        pid, before = manager_pid(side.home) or 0, set(seen.running)
        used, loads, begun = _cpu(pid), side.home.log.read_text().count("in force"), time.monotonic()
        with ThreadPoolExecutor(32) as pool:
            list(pool.map(side.api.kill, before))
        killed = time.monotonic() - begun
        healed = side.until(lambda: len(seen.running - before) == count, begun, 600)
    used, loads = _cpu(pid) - used, side.home.log.read_text().count("in force") - loads
    print(
        f"{count} killed within {killed:.1f} s: all new after {healed:.0f} s; the manager took {used:.1f} s of a core "
        f"({used / count * 1000:.0f} ms a task), gates were loaded {loads} times"
    )
    side.down()


def _resident(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")) / 1024


def _cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    sys.exit(main())
