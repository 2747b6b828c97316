"""What the tests of commands share: a folder to work in, and a command line run to its end."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from stackferry.cli import main


class Outcome(NamedTuple):
    code: int
    out: str
    err: str


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder called `shop` to stand in, with nothing in the environment that steers compose."""
    folder = tmp_path / "shop"
    folder.mkdir()
    monkeypatch.chdir(folder)
    for name in ("COMPOSE_FILE", "COMPOSE_PROFILES", "COMPOSE_PROJECT_NAME", "COMPOSE_ENV_FILES", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return folder


@pytest.fixture
def stackferry(capfd: pytest.CaptureFixture[str]) -> Callable[..., Outcome]:
    """`stackferry("config", "-q")`: exit code and what went to either stream."""
    import gc

    def run(*arguments: str) -> Outcome:
        capfd.readouterr()
        try:
            code = main(arguments)
        finally:
            gc.enable()
        return Outcome(code, *capfd.readouterr())

    return run
