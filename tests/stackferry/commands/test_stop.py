"""`restart` and `depends_on.restart` on the real engine, against docker compose 5.6.0: which tasks are restarted."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from stackferry.emulator.cluster.labels import TASK_ID
from stackferry.emulator.engine.docker import DockerEngine
from tests.compose5.peer import docker_compose
from tests.engine.fixtures import engine, image
from tests.engine.image import NAME
from tests.engine.stack import Stack
from tests.stackferry.commands.test_beside_compose import Peer

__all__ = ["engine", "image"]

COMPOSE = f"""
x-s: &s {{image: {NAME}, command: [sleep, "3000"], stop_grace_period: 0s, network_mode: none}}
services:
  db: {{<<: *s, environment: {{VERSION: "1"}}}}
  web: {{<<: *s, depends_on: {{db: {{condition: service_started, restart: true}}}}}}
  far: {{<<: *s, depends_on: {{web: {{condition: service_started, restart: true}}}}}}
  other: {{<<: *s, depends_on: [db]}}
"""

SERVICES = ("db", "web", "far", "other")

Side = Stack | Peer


@pytest.fixture
def sides(engine: DockerEngine, image: str, tmp_path: Path) -> Iterator[tuple[Peer, Stack]]:
    program = docker_compose()
    for name in ("theirs", "ours"):
        (tmp_path / name).mkdir()
    theirs = Peer(program, tmp_path / "theirs")
    theirs.write(COMPOSE)
    ours = Stack(engine, tmp_path / "ours", COMPOSE)
    yield theirs, ours
    theirs.close()
    ours.close()


def began(engine: DockerEngine, side: Side) -> dict[str, float]:
    """When the process of each service began to run."""
    labels = {"com.docker.compose.project": side.name} if isinstance(side, Peer) else {"io.stackferry.stack": side.name}
    found = {}
    for container in engine.containers(labels):
        info = engine.inspect(container.id)
        if info is not None and info.running and (isinstance(side, Peer) or TASK_ID in info.labels):
            name = info.name.removeprefix(side.name).lstrip("-_").replace("-", ".").split(".")[0]
            found[name] = info.started_at
    return found


def anew(engine: DockerEngine, side: Side, *words: str) -> set[str]:
    """The services that run anew after a command."""
    before = began(engine, side)
    assert set(before) == set(SERVICES)
    # Times of the engine have to differ.
    time.sleep(0.01)
    done = side.run(*words)
    assert done.returncode == 0, done.stderr
    after = began(engine, side)
    assert set(after) == set(SERVICES)
    return {name for name in SERVICES if after[name] != before[name]}


@pytest.mark.slow
@pytest.mark.real
def test_who_is_restarted(engine: DockerEngine, sides: tuple[Peer, Stack]) -> None:
    found: list[list[set[str]]] = []
    for side in sides:
        assert side.run("up", "-d").returncode == 0
        seen = [anew(engine, side, *words) for words in WORDS]
        side.write(COMPOSE.replace('VERSION: "1"', 'VERSION: "2"'))
        found.append([*seen, anew(engine, side, "up", "-d")])
    theirs, ours = found

    assert ours == OURS
    assert theirs == THEIRS


WORDS = (
    ("restart", "db"),
    ("restart", "--no-deps", "db"),
    ("restart", "web"),
    ("up", "-d"),
    ("up", "-d", "--force-recreate", "--no-deps", "db"),
    ("up", "-d", "--force-recreate", "db"),
)

OURS = [
    {"db", "web", "far"},
    {"db"},
    {"web", "far"},
    set(),
    {"db"},
    {"db", "web", "far"},
    {"db", "web", "far"},
]

THEIRS = [*OURS[:5], {"db"}, {"db", "web"}]
"""Of `up` only what is named as well, and not what depends on that in turn."""
