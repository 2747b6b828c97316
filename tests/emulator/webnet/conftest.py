"""A stack with real traffic: an app in three tasks, a client, and a container in another network."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from stackferry.emulator.engine.docker import DockerEngine
from tests.emulator.webnet.traffic import Traffic, skip_without_programs
from tests.engine.fixtures import engine, image

__all__ = ["engine", "image"]


@pytest.fixture(scope="module")
def traffic(engine: DockerEngine, image: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Traffic]:
    """The stack, up; it is ended after the module's tests."""
    skip_without_programs()
    found = Traffic(engine, tmp_path_factory.mktemp("traffic"), image)
    try:
        found.ok("up", "-d", "-q")
        # `up` ends when all run; the gate may learn of the last one a moment later.
        found.settled(3)
        yield found
    finally:
        found.close()


@pytest.fixture(scope="session")
def scripts() -> Path:
    return Path(__file__).parent
