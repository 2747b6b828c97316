"""Init containers (`pre_start`) on the real engine, against docker compose 5.6.0: when they run, what fails."""

import os
import subprocess
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from stackferry.emulator.cluster.labels import STEP_OF
from stackferry.emulator.engine.docker import DockerEngine
from tests.compose5.peer import docker_compose
from tests.engine.fixtures import engine
from tests.engine.own_image import own_image, own_name
from tests.engine.stack import Stack

__all__ = ["engine"]

pytestmark = [pytest.mark.engine, pytest.mark.slow]

NAME = own_name("steps")
image = own_image(NAME)

SH = "entrypoint: [/bin/busybox, sh, -c]"
SERVICE = f"""
services:
  web:
    image: {NAME}
    {SH}
    command: [sleep 3000]
    stop_grace_period: 0s
    environment: {{WORD: "one"}}
    volumes: [data:/shared]
"""
VOLUME = """
volumes: {data: {}}
"""


def step(script: str, more: str = "") -> str:
    return f"      - command: [{script!r}]\n" + more


def steps(*texts: str) -> str:
    return f"{SERVICE}    pre_start:\n{''.join(texts)}{VOLUME}"


class Peer:
    """The same words for docker compose 5.6.0, in a project of its own."""

    def __init__(self, program: Path, folder: Path) -> None:
        self.program, self.folder = program, folder
        self.environment = {**os.environ, "COMPOSE_PROJECT_NAME": f"sfp{uuid.uuid4().hex[:8]}"}

    def write(self, compose: str) -> None:
        (self.folder / "compose.yaml").write_text(compose, encoding="utf-8")

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.program, *words], cwd=self.folder, env=self.environment, capture_output=True, text=True, timeout=120
        )

    def close(self) -> None:
        self.run("down", "-v", "-t", "0")


@pytest.fixture
def ours(engine: DockerEngine, tmp_path: Path) -> Iterator[Stack]:
    folder = tmp_path / "ours"
    folder.mkdir()
    it = Stack(engine, folder, "services: {}\n")
    yield it
    it.close()


@pytest.fixture
def peer(engine: DockerEngine, tmp_path: Path) -> Iterator[Peer]:
    program = docker_compose()
    folder = tmp_path / "theirs"
    folder.mkdir()
    it = Peer(program, folder)
    yield it
    it.close()


Any = Stack | Peer


def lines(it: Any) -> list[str]:
    """What the init containers have written."""
    done = it.run("exec", "-T", "web", "cat", "/shared/out")
    return done.stdout.split()


def up(it: Any, compose: str, *more: str) -> int:
    it.write(compose)
    return it.run("up", "-d", *more).returncode


def in_order(it: Any) -> object:
    two = steps(
        step("echo $$WORD-A >> /shared/out"), step("echo B >> /shared/out", "        environment: {WORD: two}\n")
    )
    code = up(it, two)
    return code, lines(it)


def once_however_many(it: Any) -> object:
    compose = steps(step("echo A >> /shared/out"))
    codes = [
        up(it, compose, "--scale", "web=2"),
        up(it, compose, "--scale", "web=2"),
        up(it, compose, "--scale", "web=3"),
    ]
    return codes, lines(it)


def again_with_another_spec(it: Any) -> object:
    codes = [up(it, steps(step(f"echo {word} >> /shared/out"))) for word in ("A", "A", "B")]
    return codes, lines(it)


def again_with_another_service(it: Any) -> object:
    compose = steps(step("echo $$WORD >> /shared/out"))
    codes = [up(it, compose), up(it, compose.replace('"one"', '"three"'))]
    return codes, lines(it)


def a_failure_ends_it(it: Any) -> object:
    compose = steps(step("echo A >> /shared/out"), step("echo no table >&2; exit 17"), step("echo C >> /shared/out"))
    it.write(compose.replace("    stop_grace", '    restart: "no"\n    stop_grace'))
    done = it.run("up", "-d")
    said = done.stdout + done.stderr
    return (
        done.returncode,
        "pre_start[1]" in said,
        "17" in said,
        it.run("exec", "-T", "web", "true").returncode,
    )


CASES: dict[str, tuple[Callable[[Any], object], object]] = {
    "in order": (in_order, (0, ["one-A", "B"])),
    "once however many": (once_however_many, ([0, 0, 0], ["A"])),
    "another spec": (again_with_another_spec, ([0, 0, 0], ["A", "B"])),
    "another service": (again_with_another_service, ([0, 0], ["one", "three"])),
    "a failure": (a_failure_ends_it, (1, True, True, 1)),
}


@pytest.mark.parametrize("name", CASES)
def test_ours(name: str, ours: Stack) -> None:
    case, expected = CASES[name]

    assert case(ours) == expected
    if name != "a failure":
        # The one that failed stays with its task, to be looked at.
        assert [info.name for info in ours.containers() if STEP_OF in info.labels] == []


@pytest.mark.real
@pytest.mark.parametrize("name", CASES)
def test_theirs_is_the_same(name: str, peer: Peer) -> None:
    case, expected = CASES[name]

    assert case(peer) == expected


def test_ps_says_what_failed(ours: Stack) -> None:
    ours.write(
        steps(step("echo at work; echo no table >&2; exit 17")).replace(
            "    stop_grace", '    restart: "no"\n    stop_grace'
        )
    )

    done = ours.run("up", "-d")

    assert (done.returncode, "pre_start[0]: exit code 17: no table" in done.stderr) == (1, True)
    assert "pre_start[0]: exit code 17: no table" in ours.ok("ps", "--no-trunc")


def test_each_replica_has_its_own(ours: Stack) -> None:
    """Docker compose 5.6.0 refuses `per_replica`."""
    compose = steps(step("echo A >> /shared/out", "        per_replica: true\n"), step("echo B >> /shared/out"))

    assert up(ours, compose, "--scale", "web=3") == 0

    assert sorted(lines(ours)) == ["A", "A", "A", "B"]


def test_down_does_not_wait_for_one_that_hangs(ours: Stack) -> None:
    ours.write(steps(step("sleep 3000")))
    process = ours.start("up")
    ours.eventually(lambda: any(STEP_OF in info.labels and info.running for info in ours.containers()))

    ours.ok("down", "-v", "-t", "0")

    process.communicate(timeout=60)
    assert ours.containers() == []


def test_a_manager_that_is_killed_meanwhile_runs_none_twice(ours: Stack) -> None:
    ours.write(steps(step("echo A >> /shared/out; sleep 2; echo B >> /shared/out")))
    process = ours.start("up", "-d")
    ours.eventually(lambda: any(STEP_OF in info.labels and info.running for info in ours.containers()))
    assert ours.kill_manager()
    process.communicate(timeout=90)

    assert up(ours, steps(step("echo A >> /shared/out; sleep 2; echo B >> /shared/out"))) == 0

    assert lines(ours) == ["A", "B"], ours.log()
