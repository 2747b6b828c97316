"""Every script under fixtures/scenarios gives the trace below it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.emulator.scenario import Scenario

SCRIPTS = Path(__file__).parents[2] / "fixtures" / "scenarios"


@pytest.mark.parametrize("path", sorted(SCRIPTS.glob("*.txt")), ids=lambda path: path.stem)
def test_trace(path: Path, golden: Callable[[Path, str], None]) -> None:
    script = path.read_text(encoding="utf-8").partition("----\n")[0]

    golden(path, f"{script}----\n{Scenario().play(script)}")
