"""Cycles and order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackferry.translator.order.graph import components


@pytest.mark.parametrize(
    ("graph", "expected"),
    [
        ({}, []),
        ({"a": "", "b": "", "c": ""}, ["a", "b", "c"]),
        ({"a": "b", "b": "c", "c": ""}, ["c", "b", "a"]),
        ({"a": "c", "b": "", "c": ""}, ["c", "a", "b"]),
        ({"a": "b", "b": "a", "c": "a"}, ["ab", "c"]),
        ({"a": "a"}, ["a"]),
        ({"a": "b", "b": "cd", "c": "b", "d": ""}, ["d", "bc", "a"]),
    ],
    ids=str,
)
def test_sets(graph: dict[str, str], expected: list[str]) -> None:
    assert ["".join(members) for members in components(graph)] == expected


def test_a_long_chain_needs_no_stack() -> None:
    chain = {number: [number + 1] for number in range(20_000)} | {20_000: []}

    assert components(chain)[0] == (20_000,)


@given(st.dictionaries(st.integers(0, 9), st.lists(st.integers(0, 9), max_size=4), min_size=1))
def test_each_set_comes_after_those_it_leads_to(edges: dict[int, list[int]]) -> None:
    graph = {node: [target for target in edges.get(node, ()) if target in edges] for node in edges}

    found = components(graph)

    place = {node: number for number, members in enumerate(found) for node in members}
    assert sorted(place) == sorted(graph)
    assert all(place[target] <= place[node] for node, targets in graph.items() for target in targets)
