"""Generated stacks mean to us what they mean to the real docker compose; a find is reduced to a small one."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from tests.conformance import ours, peer
from tests.conformance.generated import FOUND, keep
from tests.conformance.stacks import Stack, stacks
from tests.conformance.survey import examine

EXAMPLES = 60
"""Some dozens here, the same ones on every run; `make conformance CASES=2000` tries as many others as one likes."""


@pytest.mark.real
@pytest.mark.slow
@settings(
    max_examples=EXAMPLES,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(stacks())
def test_a_made_up_stack_means_the_same(stack: Stack) -> None:
    if peer.loader().old:
        pytest.skip("made-up stacks have keys that docker compose 2.40.3 does not know")
    with tempfile.TemporaryDirectory(prefix="stackferry-") as scratch:
        outcome = examine(stack.case(Path(scratch)), ours.run, peer.run)

    if not outcome.same:
        folder = keep(stack, outcome.differences[0].group, FOUND / "test")
        pytest.fail(f"{folder}: " + "\n".join(map(str, outcome.differences)))


def test_a_stack_is_written_as_it_is(tmp_path: Path) -> None:
    stack = Stack({"compose.yaml": "services: {}\n", "sub/one.env": "A=1\n"}, ("compose.yaml",), ("dev",))
    (tmp_path / "left over").mkdir()

    case = stack.case(tmp_path)

    assert sorted(path.name for path in tmp_path.rglob("*")) == ["compose.yaml", "one.env", "sub"]
    assert case.command == ("--file", "compose.yaml", "--profile", "dev", "config", "--format", "json")
