"""Jobs on the real engine: run by hand as in docker compose 5.6.0, and by schedule while a manager is alive."""

import os
import subprocess
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from stackferry.emulator.engine.docker import DockerEngine
from stackferry.emulator.manager.lock import manager_pid
from tests.compose5.peer import docker_compose
from tests.engine.fixtures import engine
from tests.engine.own_image import own_image, own_name
from tests.engine.stack import Stack

__all__ = ["engine"]

pytestmark = [pytest.mark.engine, pytest.mark.slow]

NAME = own_name("jobs")
image = own_image(NAME)

SH = f"{{image: {NAME}, entrypoint: [/bin/busybox, sh, -c], stop_grace_period: 0s"
BY_HAND = f"""
services:
  db: {SH}, command: [sleep 3000], healthcheck: {{test: [CMD, /bin/busybox, "true"], interval: 1s}}}}
jobs:
  ok: {SH}, command: ['echo done $$WORD'], environment: {{WORD: well}}, triggers: {{manual: true}}}}
  fails: {SH}, command: ['echo no >&2; exit 7'], triggers: {{manual: true}}}}
  needs: {SH}, command: [echo needed], triggers: {{manual: true}}, depends_on: {{db: {{condition: service_healthy}}}}}}
  never: {SH}, command: [echo never], triggers: {{manual: false, schedule: [0 0 30 2 *]}}}}
"""
TICK = f"""
jobs:
  tick:
    image: {NAME}
    entrypoint: [/bin/busybox, sh, -c]
    command: ["echo tick $$(date +%s) >> /shared/out; echo ticked"]
    volumes: [data:/shared]
    triggers:
      schedule:
        - cron: "@every 2s"
volumes: {{data: {{}}}}
"""
CASES = {
    "ok": (0, "done well\n", ""),
    "fails": (7, "", "no\n"),
    "needs": (0, "needed\n", ""),
    "never": (1, "", "manual: false"),
    "nobody": (1, "", "no such service: nobody"),
}


@pytest.fixture
def stack(engine: DockerEngine, tmp_path: Path) -> Iterator[Stack]:
    it = Stack(engine, tmp_path, BY_HAND)
    yield it
    it.close()


@pytest.fixture
def peer(engine: DockerEngine, tmp_path: Path) -> Iterator[list[str]]:
    """The command line of docker compose 5.6.0 for the same jobs."""
    program = docker_compose()
    # It refuses a file with schedules for every command but some.
    (tmp_path / "compose.yaml").write_text(BY_HAND.replace(", schedule: [0 0 30 2 *]", ""), encoding="utf-8")
    words = [str(program), "-f", str(tmp_path / "compose.yaml"), "-p", f"sfp{uuid.uuid4().hex[:8]}"]
    yield words
    subprocess.run([*words, "down", "-v", "-t", "0"], capture_output=True, check=False)


@pytest.mark.parametrize("word", [["run"], ["job", "run"]], ids=" ".join)
@pytest.mark.parametrize("name", CASES)
def test_by_hand(name: str, word: list[str], stack: Stack) -> None:
    code, out, err = CASES[name]

    done = stack.run(*word, "-T", name)

    assert (done.returncode, done.stdout) == (code, out), done.stderr
    assert err in done.stderr


@pytest.mark.real
@pytest.mark.parametrize("name", CASES)
def test_docker_compose_runs_them_so(name: str, peer: list[str]) -> None:
    code, out, err = CASES[name]

    done = subprocess.run(
        [*peer, "run", "--rm", "-T", name], capture_output=True, text=True, timeout=120, env={**os.environ, "HOME": "/"}
    )

    assert (done.returncode, done.stdout) == (code, out), done.stderr
    assert err in done.stderr


def test_up_starts_none_by_hand(stack: Stack) -> None:
    stack.ok("up", "-d", "-q")

    assert sorted(info.name.split(".")[0] for info in stack.running()) == [f"{stack.name}_db"]
    rows = [line.split() for line in stack.ok("job", "ls").splitlines()]
    assert [(row[0], row[1:3]) for row in rows[1:]] == [
        ("fails", ["by", "hand"]),
        ("needs", ["by", "hand"]),
        ("never", ["0", "0"]),
        ("ok", ["by", "hand"]),
    ]


def test_jobs_are_listed_though_nothing_is_deployed(stack: Stack) -> None:
    said = stack.ok("job", "ls", "--format", "{{.Name}}: {{.Schedule}}: {{.NextRun}}")

    assert said.splitlines() == [
        "fails: by hand: ",
        "needs: by hand: ",
        "never: 0 0 30 2 *: not deployed",
        "ok: by hand: ",
    ]
    stack.write("services: {a: {image: a}}\n")
    assert stack.run("job", "ls").returncode == 1


def test_a_line_that_is_no_cron_line_is_refused_at_its_place(stack: Stack) -> None:
    stack.write(TICK.replace("@every 2s", "61 * * * *"))

    done = stack.run("up", "-d")

    assert done.returncode == 1
    assert "compose.yaml:10:17: error[invalid-schedule]" in done.stderr
    assert stack.containers() == []
    assert stack.run("config", "-q").returncode == 0


def ticks(stack: Stack) -> int:
    """How often the job has written to its volume."""
    container = ["docker", "run", "--rm", "-v", f"{stack.name}_data:/shared", "--entrypoint", "/bin/busybox", NAME]
    done = subprocess.run([*container, "cat", "/shared/out"], capture_output=True, text=True, check=False)
    return done.stdout.count("tick ")


def test_by_its_schedule_while_a_manager_lives(stack: Stack) -> None:
    stack.write(TICK)
    stack.ok("up", "-d", "-q")
    # There is nothing to wait for in a stack of jobs: `up` may be done before its manager has its lock.
    stack.eventually(lambda: manager_pid(stack.home) is not None)

    stack.eventually(lambda: ticks(stack) >= 3)

    rows = stack.ok("job", "runs", "tick").splitlines()
    assert rows[0].split() == ["ID", "MOMENT", "SCHEDULE", "RESULT", "EXIT", "CODE", "DURATION", "ERROR"]
    assert sum("complete" in row for row in rows) >= 2
    (job,) = stack.ok("job", "ls", "--format", "{{.Name}} {{.Schedule}} {{.Result}} {{.NextRun}}").splitlines()
    assert job.startswith(("tick @every 2s complete", "tick @every 2s running"))
    assert "ticked\n" in stack.ok("job", "logs", "tick")
    assert len(stack.containers()) <= 8
    stack.ok("down", "-v")
    assert manager_pid(stack.home) is None


def test_a_manager_that_is_killed_again_and_again_runs_none_twice(stack: Stack) -> None:
    stack.write(TICK)
    stack.ok("up", "-d", "-q")
    for count in (1, 2, 3):
        stack.eventually(lambda count=count: ticks(stack) >= count)
        stack.kill_manager()
        stack.ok("up", "-d", "-q")
    stack.eventually(lambda: ticks(stack) >= 5)
    stack.ok("stop", "tick")

    (service,) = stack.cluster().services.values()
    ran = [run.moment for run in service.past if run.result == "complete"]
    assert len(ran) == len(set(ran))
    # The last run may have been stopped before it wrote anything.
    assert len(ran) <= ticks(stack) <= service.iteration
