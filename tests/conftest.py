"""What every test may use: the fixtures `golden` (with its flag) and `buildkit`, and the conditions of markers."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from tests.buildkit.oracle import Oracle

# How long it takes to make an example says something of the machine, and nothing of what is tested.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")

# Managers of tests live for seconds: what a standby process loads would be loaded for nobody, hundreds of times.
os.environ.setdefault("STACKFERRY_STANDBY", "off")

ROOT = Path(__file__).parent.parent
CORPUS = ROOT.parent / "shared" / "corpus"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="rewrite the expected files under fixtures/")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "engine" in getattr(item, "fixturenames", ()):
            item.add_marker("engine")
    if CORPUS.is_dir():
        return
    absent = pytest.mark.skip(reason="../shared/corpus is not here")
    for item in items:
        if item.get_closest_marker("corpus"):
            item.add_marker(absent)


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[Path, str], None]:
    """`golden(path, text)`: `text` must be what the file at `path` holds; `--update-golden` writes it there."""

    def compare(path: Path, text: str) -> None:
        if request.config.getoption("--update-golden"):
            path.parent.mkdir(parents=True, exist_ok=True)
            if not path.exists() or path.read_text(encoding="utf-8") != text:
                path.write_text(text, encoding="utf-8", newline="\n")
            return
        assert path.exists(), f"{path} does not exist; `make golden` writes it"
        expected = path.read_text(encoding="utf-8")

        assert text == expected, f"differs from {path}; `make golden` rewrites it if the change is meant"

    return compare


@pytest.fixture(scope="session")
def buildkit() -> "Iterator[Oracle]":
    """The real BuildKit as an oracle; tests that ask for it are skipped where it cannot be built."""
    from tests.buildkit.build import UnavailableError
    from tests.buildkit.oracle import Oracle

    try:
        oracle = Oracle()
    except UnavailableError as reason:
        pytest.skip(str(reason))
    yield oracle
    oracle.close()
