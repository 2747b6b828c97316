"""The tree: positions, paths, conversion back to plain values."""

from stackferry.grammar.compose.tree.node import Node, lift, plain
from stackferry.grammar.source import Span
from tests.grammar.making import tree

TREE = tree("a:\n  - x\n  - {b: 1}\nc: null\n")


def test_plain_values_come_back() -> None:
    assert plain(TREE) == {"a": ["x", {"b": 1}], "c": None}
    assert plain(lift({"a": [1, {"b": None}]})) == {"a": [1, {"b": None}]}


def test_nodes_know_where_they_and_their_keys_stand() -> None:
    inner = TREE.at(("a", 1, "b"))

    assert inner is not None
    assert inner.span == Span("compose.yaml", 3, 9)
    assert inner.key_span == Span("compose.yaml", 3, 6)
    assert TREE.value["a"].value[0].key_span == Span("compose.yaml", 2, 5)
    assert Node(1).span is None
    assert Node(1).key_span is None


def test_paths_that_lead_nowhere() -> None:
    assert TREE.at(()) is TREE
    assert [TREE.at(path) for path in (("x",), ("a", 2), ("a", "b"), ("c", "d"), ("a", 0, 0))] == [None] * 5
    assert TREE.get("x") is None
    assert Node([1]).get("x") is None


def test_the_walk_names_every_node_in_order() -> None:
    assert [path for path, _ in TREE.walk()] == [("a",), ("a", 0), ("a", 1), ("a", 1, "b"), ("c",)]


def test_lifted_values_share_one_place() -> None:
    mark = TREE.mark
    lifted = lift({"a": ["x"]}, mark, mark)

    assert {node.span for _, node in lifted.walk()} == {Span("compose.yaml", 1, 1)}
    assert lifted.key_span == Span("compose.yaml", 1, 1)
