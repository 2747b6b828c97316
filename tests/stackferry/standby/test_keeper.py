"""Managers keep one standby process for all stacks, which runs `up -d` where nothing changes."""

import subprocess
from collections.abc import Iterator

import pytest

from stackferry.emulator.engine.docker import DockerEngine
from tests.engine.image import import_busybox
from tests.stackferry.standby.place import Place, place

COMPOSE = """\
services:
  web:
    image: {image}
    command: [sh, -c, "trap 'exit 0' TERM; while :; do sleep 0.1; done"]
    deploy: {{replicas: 2}}
"""


@pytest.fixture
def stacks(engine: DockerEngine) -> Iterator[Place]:
    with place() as found:
        (found.folder / "compose.yaml").write_text(COMPOSE.format(image=import_busybox(engine)))
        yield found
        for name in ("sfsone", "sfstwo"):
            found.run("-p", name, "down", "-t", "0")


def _ok(done: "subprocess.CompletedProcess[str]") -> "subprocess.CompletedProcess[str]":
    assert done.returncode == 0, done.stderr
    return done


def test_up_that_changes_nothing_is_answered_and_any_other_runs_by_itself(stacks):
    line = ("-p", "sfsone", "up", "-d")
    _ok(stacks.run(*line))

    assert stacks.eventually_answered("-p", "sfsone", "ps")
    again, without = stacks.run(*line), stacks.run(*line, STACKFERRY_STANDBY="off")
    assert stacks.is_answered(*line)
    assert (again.returncode, again.stdout, again.stderr) == (0, without.stdout, without.stderr)
    assert len(_ok(stacks.run("-p", "sfsone", "ps", "-q")).stdout.split()) == 2

    compose = stacks.folder / "compose.yaml"
    compose.write_text(compose.read_text().replace("replicas: 2", "replicas: 3"))
    assert not stacks.is_answered(*line)
    assert len(_ok(stacks.run("-p", "sfsone", "ps", "-q")).stdout.split()) == 3
    assert stacks.is_answered(*line)


def test_there_is_one_for_all_stacks_and_the_next_manager_takes_over(stacks):
    _ok(stacks.run("-p", "sfsone", "up", "-d"))
    assert stacks.eventually_answered("ls")
    _ok(stacks.run("-p", "sfstwo", "up", "-d"))

    assert "sfsone" in stacks.run("ls").stdout
    assert "sfstwo" in stacks.run("ls").stdout
    _ok(stacks.run("-p", "sfsone", "down", "-t", "0"))
    assert stacks.eventually_answered("ls")
    assert "sfstwo" in stacks.run("ls").stdout

    _ok(stacks.run("manager", "stop", "sfstwo"))
    assert stacks.eventually_gone()
    assert not stacks.is_answered("ls")
