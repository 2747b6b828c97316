"""`port`, `ps --format json`, `start --wait` and `images` on the real engine, against docker compose 5.6.0.

Both get the same files and arguments. Each test states its deliberate differences (docs/from-compose.md).
"""

import json
import os
import subprocess
import time
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest

from stackferry.emulator.engine.docker import DockerEngine
from tests.compose5.peer import docker_compose
from tests.engine.fixtures import engine, image
from tests.engine.image import NAME
from tests.engine.stack import Stack

__all__ = ["engine", "image"]

pytestmark = [pytest.mark.engine, pytest.mark.slow]

FIRST = 21_000 + os.getpid() % 500 * 16
"""Of the ports that are published: several test processes may be here at once."""

PORTS = f"""
x-s: &s {{image: {NAME}, command: [sleep, "3000"], stop_grace_period: 0s}}
services:
  plain: {{<<: *s}}
  open: {{<<: *s, ports: ["80"]}}
  one: {{<<: *s, ports: ["127.0.0.1:{FIRST}:80", "{FIRST + 1}:53/udp", "[::1]:{FIRST + 2}:81"]}}
  range:
    <<: *s
    ports:
      - "{FIRST + 3}-{FIRST + 5}:{FIRST + 3}-{FIRST + 5}"
      - "{FIRST + 5}:{FIRST + 5}/udp"
      - "{FIRST + 6}-{FIRST + 7}:9000-9001"
  two: {{<<: *s, scale: 2, ports: ["{FIRST + 8}-{FIRST + 9}:80", "{FIRST + 8}-{FIRST + 9}:53/udp"]}}
  off: {{<<: *s, ports: ["{FIRST + 10}:80"]}}
  once: {{<<: *s, command: ["true"], restart: "no"}}
"""


class Peer:
    """The same words for docker compose 5.6.0, in a project of its own."""

    def __init__(self, program: Path, folder: Path) -> None:
        self.program, self.folder = program, folder
        # The file says the name: docker compose reads no file, and knows no services, where the environment does.
        self.environment = {key: value for key, value in os.environ.items() if not key.startswith("COMPOSE_")}
        self.name = f"sfp{uuid.uuid4().hex[:8]}"

    def write(self, compose: str) -> None:
        (self.folder / "compose.yaml").write_text(f"name: {self.name}\n{compose}", encoding="utf-8")

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.program, *words], cwd=self.folder, env=self.environment, capture_output=True, text=True, timeout=90
        )

    def close(self) -> None:
        self.run("down", "-v", "-t", "0")


Side = Stack | Peer
Saying = Callable[[Side], object]
Both = Callable[[str, Saying], tuple[object, object]]


@pytest.fixture
def both(engine: DockerEngine, image: str, tmp_path: Path) -> Both:
    """Asks docker compose 5.6.0, then us, of the same file; one ends before the other begins, for the ports' sake."""
    program = docker_compose()

    def ask(compose: str, saying: Saying) -> tuple[object, object]:
        answers: list[object] = []
        for make in (lambda folder: Peer(program, folder), lambda folder: Stack(engine, folder, compose)):
            folder = tmp_path / str(len(answers))
            folder.mkdir()
            side = make(folder)
            try:
                side.write(compose)
                answers.append(saying(side))
            finally:
                side.close()
        theirs, ours = answers
        return theirs, ours

    return ask


def listed(text: str) -> list[str]:
    """Lines of `port SERVICE`: an engine says `[::]` too of what stands open, in an order of its own."""
    return sorted(line for line in text.splitlines() if "-> [::]:" not in line)


def ports(side: Side) -> object:
    side.run("up", "-d")
    side.run("stop", "off")
    asked = [
        *([name] for name in ("plain", "one", "range", "off", "once")),
        *(["one", "--protocol", word] for word in ("tcp", "udp", "UDP", "sctp")),
        *(["range", str(FIRST + 5), "--protocol", word] for word in ("tcp", "udp")),
        *([name, number] for name, number in (("one", "80"), ("one", "81"), ("range", "9001"), ("range", "0"))),
        *([name, number] for name, number in (("one", "53"), ("one", "82"), ("plain", "80"), ("off", "80"))),
        *(["--index", str(number), "one"] for number in (0, 1, 2)),
        *(["nosuch"], ["nosuch", "80"]),
    ]
    done = [side.run("port", *words) for words in asked]
    # With the number that the engine, or we, chose left out.
    open_ = [line.rpartition(":")[0] for line in listed(side.run("port", "open").stdout)]
    # Of two replicas docker compose has a pair for each, and we one address for both: together they are the same.
    indexes = [[]] if isinstance(side, Stack) else [["--index", "1"], ["--index", "2"]]
    two = [line for index in indexes for line in side.run("port", *index, "two").stdout.splitlines()]
    return {
        **{" ".join(words): (one.returncode, listed(one.stdout)) for words, one in zip(asked, done, strict=True)},
        "open": open_,
        "two": listed("\n".join(two)),
    }


def test_port_says_the_same(both: Both) -> None:
    theirs, ours = both(PORTS, ports)

    assert ours == theirs
    assert isinstance(ours, dict)
    assert ours["one"] == (
        0,
        [
            f"53/udp -> 0.0.0.0:{FIRST + 1}",
            f"80/tcp -> 127.0.0.1:{FIRST}",
            f"81/tcp -> [::1]:{FIRST + 2}",
        ],
    )
    assert (ours["off"], ours["plain"], ours["open"]) == ((1, []), (0, []), ["80/tcp -> 0.0.0.0"])
    assert len(ours["two"]) == 4


OF_TIME = {"CreatedAt", "RunningFor", "Status"}
OF_NAMES = {"ID", "Name", "Names", "Project", "Networks", "Labels"}
"""Whose value cannot be the same, though the field is there."""


def rows(side: Side) -> object:
    side.run("up", "-d")
    side.run("stop", "off")
    found: dict[str, object] = {}
    asked = (
        *([], ["-a"], ["one", "range"], ["off"], ["-a", "off"], ["--status", "exited"], ["--status", "paused"]),
        *(["--status", "running", "two"], ["--filter", "status=exited", "once"], ["nosuch"]),
    )
    for words in asked:
        done = side.run("ps", "--format", "json", *words)
        # A row is a line, and nothing is beside them.
        found[" ".join(words)] = (
            done.returncode,
            sorted(map(row, done.stdout.splitlines()), key=lambda one: str(one["Service"])),
        )
    return found


def row(line: str) -> dict[str, object]:
    """What of a row can be the same, and of all others that they are there and are text."""
    container = json.loads(line)
    kept = {key: value for key, value in container.items() if key not in OF_TIME | OF_NAMES | OF_OURS}
    if container["Service"] in ("two", "open"):
        # The ports of two replicas differ as `port` has it; that of `open` is chosen.
        kept["Publishers"], kept["Ports"] = bool(container["Publishers"]), bool(container["Ports"])
    else:
        kept["Publishers"] = sorted(
            (item for item in container["Publishers"] if item["URL"] != "::"),
            key=lambda item: sorted(map(str, item.values())),
        )
        kept["Ports"] = [part for part in container["Ports"].split(", ") if not part.startswith("[::]:")]
    words = {key: type(container[key]).__name__ for key in OF_TIME | OF_NAMES}
    return {
        **kept,
        **words,
        "Status": container["Status"].split()[0],
        "RunningFor": container["RunningFor"].split()[-1],
    }


OF_OURS = {"Node", "DesiredState", "CurrentState", "Error", "Slot", "TaskID"}


def test_ps_writes_the_same_lines_of_json(both: Both) -> None:
    theirs, ours = both(PORTS, rows)

    assert ours == theirs
    assert isinstance(ours, dict)
    assert [len(found) for _, found in ours.values()] == [6, 8, 2, 0, 1, 2, 0, 2, 1, 0]
    assert ours["nosuch"][0] == 1


WAITING = f"""
x-s: &s {{image: {NAME}, command: [sleep, "3000"], stop_grace_period: 0s}}
x-check: &c {{interval: 300ms, retries: 2}}
services:
  db: {{<<: *s, healthcheck: {{<<: *c, test: ["CMD", "true"]}}}}
  web: {{<<: *s, scale: 2, depends_on: [db]}}
  slow: {{<<: *s, healthcheck: {{<<: *c, test: ["CMD", "sh", "-c", "sleep 1; test -e /well || ! touch /well"]}}}}
  ill: {{<<: *s, healthcheck: {{<<: *c, test: ["CMD", "false"]}}, deploy: {{restart_policy: {{condition: none}}}}}}
  never: {{<<: *s, healthcheck: {{<<: *c, start_period: 60s, test: ["CMD", "false"]}}}}
  bad: {{<<: *s, command: ["false"], restart: "no"}}
  once: {{<<: *s, command: ["true"], restart: "no"}}
"""
STARTED = ("db", "web", "slow", "ill", "never", "bad", "once")


def starting(side: Side) -> object:
    side.run("up", "-d", "--wait-timeout", "1") if isinstance(side, Stack) else side.run("create")
    side.run("stop", "-t", "0")
    found: dict[str, object] = {}
    for name in STARTED:
        begun = time.monotonic()
        done = side.run("start", "--wait", "--wait-timeout", "12", name)
        took = time.monotonic() - begun
        running = side.run("ps", "--services", "--status", "running").stdout.split()
        found[name] = done.returncode, took > 11.0, set(running) & {"db", "web", "slow"}
        side.run("stop", "-t", "0")
    found["again"] = side.run("start", "--wait", "db").returncode, side.run("start", "--wait", "db").returncode
    found["no time"] = side.run("start", "--wait", "--wait-timeout", "0", "db").returncode
    found["nosuch"] = side.run("start", "--wait", "nosuch").returncode
    found["one of two"] = side.run("start", "--wait", "db", "bad").returncode
    found["wrong"] = side.run("start", "--wait", "--wait-timeout", "x", "db").returncode > 0
    return found


def test_start_waits_for_the_same(both: Both) -> None:
    theirs, ours = both(WAITING, starting)

    assert isinstance(ours, dict)
    assert isinstance(theirs, dict)
    # What has ended well is done with us, and a failure with docker compose.
    assert (ours.pop("once"), theirs.pop("once")) == ((0, False, set()), (1, False, set()))
    assert ours == theirs
    assert {name: ours[name][:2] for name in STARTED[:-1]} == {
        "db": (0, False),
        "web": (0, False),
        "slow": (0, False),
        "ill": (1, False),
        "never": (1, True),
        "bad": (1, False),
    }
    assert (ours["web"][2], ours["db"][2]) == ({"db", "web"}, {"db"})


def images(side: Side) -> object:
    side.run("up", "-d", "web")
    found = json.loads(side.run("images", "--format", "json").stdout)
    table = side.run("images").stdout.splitlines()[1].split("MB")[-1]
    return [sorted(one) for one in found], [one["Created"][:19] for one in found], table.split()


def test_images_say_when_they_were_made(both: Both) -> None:
    theirs, ours = both(WAITING, images)

    assert ours == theirs
