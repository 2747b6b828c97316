"""docker compose 5.6.0, for tests that ask it and us the same question."""

from pathlib import Path

import pytest

from tests.compose5.build import BINARY, built


def docker_compose() -> Path:
    """The program. Skips where it is not built."""
    program = built(BINARY)
    if program is None:
        pytest.skip(f"{BINARY.name} is not built (`make compose5`)")
    return program
