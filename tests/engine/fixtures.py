"""Fixtures for tests on a real engine, imported by each conftest.py that needs them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from stackferry.emulator.engine.docker import DockerEngine
from stackferry.emulator.engine.protocol import EngineError
from tests.engine.image import import_busybox
from tests.engine.stack import Stack
from tests.swarm.image import NAME, archive


@pytest.fixture(scope="session")
def engine() -> Iterator[DockerEngine]:
    """The Docker Engine that answers; skips, with its words, when none does."""
    found = DockerEngine()
    try:
        found.version()
    except EngineError as error:
        pytest.skip(f"{error} (`make engine`, as root, installs and starts one)")
    yield found
    found.close()


@pytest.fixture(scope="session")
def image(engine: DockerEngine) -> str:
    """The name of an image with a shell, here without any registry."""
    return import_busybox(engine)


@pytest.fixture
def stack(engine: DockerEngine, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Stack]:
    """The stack of the module's COMPOSE, whose tasks are actors; it is ended after the test."""
    engine.import_image(NAME, archive())
    it = Stack(engine, tmp_path, request.module.COMPOSE)
    yield it
    it.close()
