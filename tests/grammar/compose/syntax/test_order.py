"""The order of names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackferry.grammar.compose.syntax.order import ordered


@pytest.mark.parametrize(
    "names",
    [
        [],
        ["a"],
        ["a", "b", "c"],
        ["A", "a"],
        ["web1", "web2", "web10"],
        ["1", "2", "10", "a"],
        ["-", "1", "a"],
        ["a", "a-b", "a1", "ab"],
        ["a1b", "a1-"],
    ],
)
def test_numbers_count_by_value_and_symbols_come_first(names: list[str]) -> None:
    assert ordered(reversed(names)) == names


@given(st.lists(st.text("ab01-_."), unique=True))
def test_the_order_does_not_depend_on_the_order_before(names: list[str]) -> None:
    assert ordered(names) == ordered(sorted(names))
    assert sorted(ordered(names)) == sorted(names)
