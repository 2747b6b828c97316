"""What COPY --from and RUN --mount=from= name."""

import pytest

from stackferry.grammar.dockerfile.facts.sources import is_number, source_stage, sources
from tests.grammar.lint.making import facts

FILE = facts(
    "FROM a AS one\nFROM b AS two\nCOPY --from=one a b\n"
    "RUN --mount=from=two,target=/x --mount=target=/y c\nFROM c AS ONE\n"
)


def test_the_names_in_a_file():
    assert [name for step in FILE.steps() for name, _ in sources(step)] == ["one", "two"]
    assert [name for step in FILE.steps("RUN") for name, _ in sources(step, unnamed=True)] == ["two", ""]


@pytest.mark.parametrize(
    ("name", "index"),
    [("one", 2), ("ONE", 2), ("two", 1), ("0", 0), ("00", 0), ("three", None), ("3", None), ("-1", None)],
)
def test_the_stage_of_a_name(name, index):
    stage = source_stage(FILE, name, numbers=True)

    assert (stage.index if stage else None) == index


def test_a_mount_knows_no_numbers():
    assert source_stage(FILE, "0", numbers=False) is None


@pytest.mark.parametrize(
    ("text", "expected"), [("0", True), ("-1", True), ("+1", True), ("1a", False), ("", False), ("\u0661", False)]
)
def test_numbers(text, expected):
    assert is_number(text) is expected
