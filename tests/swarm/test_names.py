"""Names resolve as in a real swarm."""

import os
import shutil
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from stackferry.emulator.engine.docker import DockerEngine
from stackferry.emulator.webnet.image import missing_programs
from tests.engine.fixtures import engine, image
from tests.engine.stack import Stack
from tests.swarm import names, report

__all__ = ["engine", "image"]

MOVING = "STACKFERRY_SLOW" in os.environ
"""Whether what changes is watched, too: a minute more, and on a busy machine a swarm's names come and go by chance."""

PLAYS = 5
"""How often a swarm is asked at most."""


def real(ours: Future[dict[str, str]]) -> dict[str, str]:
    """What a swarm answers. Where nothing changes it is asked again while it differs: a busy swarm loses names."""
    with report.engine() as address:
        side = names.RealNames(address, "s")
        try:
            names.settle(lambda: names.ready(side), 120)
            found = names.still(side)
            for _ in range(PLAYS - 1):
                if not names.differences(found, ours.result()):
                    break
                found = names.still(side)
            return found | (names.moved(side) if MOVING else {})
        finally:
            side.close()


def ours(engine: DockerEngine, folder: Path, image: str) -> dict[str, str]:
    stack = Stack(engine, folder, names.compose(image))
    try:
        stack.ok("up", "-d", "-q")
        side = names.OurNames(stack)
        names.settle(lambda: names.ready(side))
        return names.still(side) | (names.moved(side) if MOVING else {})
    finally:
        stack.close()


@pytest.mark.slow
@pytest.mark.skipif(os.geteuid() != 0 or shutil.which("dockerd") is None, reason="needs root and dockerd for a swarm")
def test_names_mean_the_same_as_in_a_real_swarm(engine: DockerEngine, image: str, tmp_path: Path) -> None:
    if missing_programs():
        pytest.skip(f"no {', '.join(missing_programs())} here")
    with ThreadPoolExecutor() as pool:
        mine = pool.submit(ours, engine, tmp_path, image)
        theirs = pool.submit(real, mine)

    assert names.differences(theirs.result(), mine.result()) == {}
    assert not MOVING or mine.result()["tasks.web while one task is sick"] == "2 tasks, 1 task, 2 tasks"
