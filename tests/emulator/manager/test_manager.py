"""The manager on the real engine, through the command line: in normal use, and after damage."""

import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from stackferry.emulator.agent.secret_files import runtime_root
from stackferry.emulator.cluster.objects import Task
from stackferry.emulator.cluster.state import UpdateState
from stackferry.emulator.engine.docker import DockerEngine
from stackferry.emulator.manager.lock import manager_pid
from tests.engine.stack import Stack
from tests.swarm.image import NAME, archive

COMPOSE = """
services:
  web:
    image: {image}
    entrypoint: /bin/actor
    environment: {{VERSION: "{version}"}}
    stop_grace_period: 1s
    deploy:
      replicas: {replicas}
      restart_policy: {{delay: {delay}}}
      update_config: {{monitor: 500ms, parallelism: 1}}
"""


def compose(replicas: int = 3, version: str = "1", delay: str = "500ms") -> str:
    return COMPOSE.format(image=NAME, replicas=replicas, version=version, delay=delay)


Make = Callable[[str], Stack]


@pytest.fixture
def stack(engine: DockerEngine, tmp_path: Path) -> Iterator[Make]:
    """Makes a stack that is ended after the test."""
    repository, _, tag = NAME.partition(":")
    engine.import_image(f"{repository}:{tag}", archive())
    made: list[Stack] = []

    def make(text: str) -> Stack:
        made.append(Stack(engine, tmp_path, text))
        return made[-1]

    yield make
    for made_stack in made:
        made_stack.close()


def versions(stack: Stack) -> list[str]:
    cluster = stack.cluster()
    return sorted(
        dict(entry.split("=", 1) for entry in task.template.container.env)["VERSION"]
        for task in stack.tasks()
        if task.id in cluster.tasks
    )


def _runs_without(stack: Stack, victim: Task, count: int) -> bool:
    running = {task.id for task in stack.tasks()}
    return len(running) == count and victim.id not in running


def test_up_scale_update_roll_back_and_down(stack: Make) -> None:
    it = stack(compose())

    it.ok("up", "-d")
    assert len(it.running()) == 3

    it.ok("scale", "web=5")
    assert len(it.tasks()) == 5

    it.write(compose(5, "2"))
    it.ok("up", "-d")
    assert versions(it) == ["2"] * 5
    (service,) = it.cluster().services.values()
    assert service.update is not None
    assert service.update.state == UpdateState.COMPLETED

    it.ok("rollback", "web")
    it.eventually(lambda: versions(it) == ["1"] * 5)

    it.ok("scale", "web=1")
    it.eventually(lambda: len(it.running()) == 1)
    assert [task.slot for task in it.tasks()] == [1]

    it.ok("down")
    assert it.containers() == []
    assert not it.home.directory.exists()


def test_what_is_killed_is_replaced_in_its_slot(stack: Make) -> None:
    it = stack(compose())
    it.ok("up", "-d")
    (victim,) = (task for task in it.tasks() if task.slot == 2)

    it.engine.kill(victim.container_id)

    it.eventually(lambda: _runs_without(it, victim, 3))
    ended = it.cluster().tasks[victim.id]
    assert (str(ended.state), ended.error) == ("failed", "task: non-zero exit (137)")
    assert sorted(task.slot for task in it.tasks()) == [1, 2, 3]


def test_what_is_removed_behind_our_back_is_replaced(stack: Make) -> None:
    it = stack(compose(2))
    it.ok("up", "-d")
    victim = it.tasks()[0]

    it.engine.remove(victim.container_id)

    it.eventually(lambda: _runs_without(it, victim, 2))


def test_a_service_that_cannot_start_says_why(stack: Make) -> None:
    it = stack("services: {web: {image: 'nope:latest', pull_policy: never}}")

    done = it.run("up", "-d", "--wait-timeout", "20")

    assert done.returncode == 1
    assert "No such image: nope:latest" in done.stderr


def test_an_update_that_fails_is_rolled_back(stack: Make) -> None:
    it = stack(compose(2) + "      rollback_config: {monitor: 500ms}\n")
    it.ok("up", "-d")
    broken = compose(2, "2").replace("monitor: 500ms", "monitor: 3s, failure_action: rollback")
    it.write(broken.replace('VERSION: "2"', 'VERSION: "2", LIVES: "0", EXIT: "1"'))

    it.run("up", "-d")

    it.eventually(lambda: versions(it) == ["1", "1"])
    (service,) = it.cluster().services.values()
    assert service.update is not None
    assert service.update.state in (UpdateState.ROLLBACK_STARTED, UpdateState.ROLLBACK_COMPLETED)


def test_secrets_and_configs_have_owner_and_mode_and_stand_nowhere_else(stack: Make) -> None:
    it = stack(
        f"""
services:
  web:
    image: {NAME}
    entrypoint: /bin/actor
    secrets: [{{source: word, uid: "7", gid: "8", mode: 0400}}]
    configs: [{{source: greeting, target: /etc/greeting}}]
secrets: {{word: {{environment: WORD}}}}
configs: {{greeting: {{content: hello}}}}
"""
    )
    it.environment["WORD"] = "unspeakable-4711"
    it.ok("up", "-d")
    (task,) = it.tasks()

    shown = it.engine.exec(
        task.container_id, ["sh", "-c", "cat /run/secrets/word /etc/greeting; stat -c '%u %g %a' /run/secrets/word"]
    )

    assert shown.stdout.decode() == "unspeakable-4711hello7 8 400\n"
    inspected = str(it.engine.inspect(task.container_id))
    assert "unspeakable" not in inspected
    assert "unspeakable" not in it.log()
    assert it.home.database.stat().st_mode & 0o077 == 0
    folder = runtime_root(it.environment) / it.name
    assert [one.stat().st_mode & 0o777 for one in (folder.parent, folder, folder / task.id)] == [0o700] * 3


def test_the_lost_store_is_made_again_from_labels(stack: Make) -> None:
    it = stack(compose(2))
    it.ok("up", "-d")
    before = {info.id for info in it.running()}
    it.kill_manager()
    for file in it.home.directory.iterdir():
        file.unlink()

    it.ok("up", "-d")

    assert {info.id for info in it.running()} == before


def test_two_at_once_make_one_stack(stack: Make) -> None:
    it = stack(compose(3))

    both = [it.start("up", "-d") for _ in range(2)]
    said = [process.communicate(timeout=90) for process in both]

    assert [process.returncode for process in both] == [0, 0], said
    it.eventually(lambda: len(it.running()) == 3)
    assert len(it.cluster().services) == 1


def test_a_manager_that_is_killed_at_any_instant_leaves_no_trace(stack: Make) -> None:
    """The end is the same, nothing is there twice, nothing is lost."""
    chance = random.Random(4)
    it = stack(compose(3))
    for round_ in range(4):
        replicas = chance.choice((2, 3, 4))
        it.write(compose(replicas, str(round_)))
        up = it.start("up", "-d")
        for _ in range(2):
            time.sleep(chance.uniform(0.05, 1.2))
            it.kill_manager()
        _, said = up.communicate(timeout=90)
        assert up.returncode == 0, f"{said}\n{it.log()}"
        it.eventually(lambda replicas=replicas, round_=round_: versions(it) == [str(round_)] * replicas)
        it.eventually(lambda replicas=replicas: len(it.running()) == replicas)
        assert sorted(task.slot for task in it.tasks()) == list(range(1, replicas + 1))


def test_a_job_gives_up_unless_bugs_are_wanted(stack: Make) -> None:
    it = stack(
        f"""
services:
  job:
    image: {NAME}
    command: [sh, -c, "exit 3"]
    entrypoint: [busybox]
    deploy:
      mode: global-job
      restart_policy: {{condition: any, delay: 100ms, max_attempts: 1}}
"""
    )

    assert it.run("up", "-d", "--wait-timeout", "30").returncode == 1
    assert len(it.cluster().tasks) == 2

    given_up = set(it.cluster().tasks)

    it.run("up", "-d", "--bug-compatible", "--wait-timeout", "2")
    seen: set[str] = set()
    # History keeps few: they are counted as they come.
    it.eventually(lambda: seen.update(it.cluster().tasks) or len(seen - given_up) > 4)


ELSEWHEN = """
import sys, time
from pathlib import Path

real, by = time.time, Path(sys.argv.pop(1))
time.time = lambda: real() + float(by.read_text() or 0)
from stackferry.cli import main

sys.exit(main(sys.argv[1:]))
"""
"""A command in a process whose time of day is set by so many seconds as the file says at that moment."""


@pytest.mark.parametrize("hours", [-1, 1])
def test_a_clock_that_is_set_during_a_restart_delay_changes_nothing_of_it(
    stack: Make, tmp_path: Path, hours: int
) -> None:
    it = stack(compose(1, delay="3s"))
    it.ok("up", "-d")
    it.kill_manager()
    by = tmp_path / "by"
    by.write_text("0")
    command = [sys.executable, "-P", "-c", ELSEWHEN, str(by)]
    manager = subprocess.Popen([*command, "manager", "run", it.name], env=it.environment, stderr=subprocess.PIPE)
    it.eventually(lambda: manager_pid(it.home) == manager.pid)
    (victim,) = it.tasks()

    it.engine.kill(victim.container_id)
    it.eventually(lambda: it.cluster().tasks[victim.id].ended)
    begun = time.monotonic()
    by.write_text(str(3600 * hours))
    it.eventually(lambda: _runs_without(it, victim, 1), 20.0)

    assert 2.5 < time.monotonic() - begun < 10.0
    (task,) = it.tasks()
    assert abs(task.created_on - victim.since) < 60.0
    assert abs(task.since - time.time() - 3600 * hours) < 60.0
    shown = subprocess.run([*command, "ps", "web"], cwd=it.folder, env=it.environment, capture_output=True, text=True)
    (line,) = (line for line in shown.stdout.splitlines() if " Running " in line)
    assert "second" in line
    manager.terminate()
    manager.communicate(timeout=30)
