"""A short version of `run.py` on the available engine: cases that need no engine of their own, in a few seconds."""

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from stackferry.emulator.engine.docker import DockerEngine
from tests.engine.fixtures import engine, image
from tests.faults.cases import Place, ended, hurt
from tests.faults.stack import SMALL
from tests.faults.supervisors import by_process, by_systemd, races, two_ups
from tests.faults.user_manager import possible

__all__ = ["engine", "image"]

pytestmark = pytest.mark.slow


@pytest.fixture
def place(engine: DockerEngine, image: str, tmp_path: Path) -> Iterator[Place]:
    made = Place(engine, image, tmp_path, Random(7))
    yield made
    made.close()


def test_managers_that_are_killed_and_two_downs_at_once_leave_no_trace(place: Place) -> None:
    it = place.stack("one", text=SMALL, wanted={"web": 2})

    hurt(it, ("up", "-d"), place.chance, 2)
    it.settles()
    it.put("2")
    hurt(it, ("up", "-d"), place.chance, 1)
    it.settles()
    assert it.versions() == {"web": ["2", "2"]}
    both = [ended(one) for one in [it.start("down") for _ in range(2)]]

    assert [code for code, _ in both] == [0, 0], both
    assert it.left() == []


def test_a_killed_manager_comes_back_and_two_dead_are_told_of(place: Place) -> None:
    by_process(place, rounds=1)


@pytest.mark.skipif(not possible(), reason="no systemd to start here, or not root")
def test_so_it_does_by_a_unit_of_systemd(place: Place) -> None:
    by_systemd(place, rounds=2)


def test_whoever_starts_managers_at_once_there_is_one(place: Place) -> None:
    races(place, rounds=2)


def test_an_up_that_was_replaced_says_so(place: Place) -> None:
    two_ups(place)
