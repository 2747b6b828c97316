"""Cycles in graphs."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackferry.grammar.compose.validate.cycle import find_cycle


@pytest.mark.parametrize(
    ("graph", "cycle"),
    [
        ({}, []),
        ({"a": ["b"], "b": []}, []),
        ({"a": ["b", "c"], "b": ["d"], "c": ["d"], "d": []}, []),
        ({"a": ["elsewhere"]}, []),
        ({"a": ["a"]}, ["a", "a"]),
        ({"a": ["b"], "b": ["a"]}, ["a", "b", "a"]),
        ({"a": ["b"], "b": ["c"], "c": ["b"]}, ["b", "c", "b"]),
    ],
)
def test_circles(graph: dict[str, list[str]], cycle: list[str]) -> None:
    assert find_cycle(graph) == cycle


def test_a_chain_longer_than_the_stack_of_python() -> None:
    chain = {str(number): [str(number + 1)] for number in range(50_000)}

    assert find_cycle(chain) == []
    assert len(find_cycle({**chain, "50000": ["0"]})) == 50_002


NAMES = st.sampled_from("abcdef")


@given(st.dictionaries(NAMES, st.lists(NAMES)))
def test_what_is_found_is_a_circle_and_without_one_there_is_an_order(graph: dict[str, list[str]]) -> None:
    cycle = find_cycle(graph)

    assert all(after in graph[before] for before, after in pairwise(cycle))
    if cycle:
        assert cycle[0] == cycle[-1]
        return
    left = dict(graph)
    while left:
        free = [name for name, after in left.items() if not set(after) & left.keys()]
        assert free
        for name in free:
            del left[name]
