"""Fixtures for the emulator's tests: a real engine and its image, and `place` for what must hold on both engines."""

from collections.abc import Iterator

import pytest

from stackferry.emulator.fake.clock import VirtualClock
from stackferry.emulator.fake.engine import FakeEngine
from tests.engine.fixtures import engine, image
from tests.engine.place import FakePlace, Place, RealPlace

__all__ = ["engine", "image"]


@pytest.fixture(params=["fake", pytest.param("real", marks=pytest.mark.engine)])
def place(request: pytest.FixtureRequest) -> Iterator[Place]:
    """Somewhere to run containers, once on the fake engine and once on the real one."""
    if request.param == "fake":
        name = "stackferry-test/bb:latest"
        clock = VirtualClock(now=1_000_000_000.0)
        yield FakePlace(FakeEngine(clock, images=[name], exists=lambda path: not path.startswith("/absent")), name)
        return
    real = RealPlace(request.getfixturevalue("engine"), request.getfixturevalue("image"))
    yield real
    real.close()
