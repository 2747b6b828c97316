"""Tables keyed by path: which nodes a pattern matches, and that no other node is changed or copied."""

import pytest

from stackferry.grammar.compose.tree.node import Node
from stackferry.grammar.compose.tree.path import compile_patterns, rewrite
from stackferry.grammar.key_path import Path, dotted
from tests.grammar.making import tree, value

DOCUMENT = "services: {a: {ports: [1, 2], x: 1}, b: {ports: 3}}\nvolumes: {a: 1}\n"


def touched(*patterns: str) -> list[str]:
    paths: list[str] = []

    def note(rule: str, node: Node, path: Path) -> Node:
        paths.append(dotted(path))
        return node

    assert rewrite(tree(DOCUMENT), compile_patterns(dict.fromkeys(patterns, "")), note) is not None
    return paths


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("services", ["services"]),
        ("services.*", ["services.a", "services.b"]),
        ("services.*.ports", ["services.a.ports", "services.b.ports"]),
        ("services.*.ports.*", ["services.a.ports[0]", "services.a.ports[1]"]),
        ("*.a", ["services.a", "volumes.a"]),
        ("services.c", []),
        ("services.a.ports.0", []),
        ("services.a.x.y", []),
    ],
)
def test_what_a_pattern_names(pattern: str, expected: list[str]) -> None:
    assert touched(pattern) == expected


def test_a_literal_key_wins_over_a_star() -> None:
    table = compile_patterns({"services.*": "star", "services.a": "a"})
    found = rewrite(tree(DOCUMENT), table, lambda rule, node, _: node._replace(value=rule))

    assert value(found)["services"] == {"a": "a", "b": "star"}


def test_parents_come_first_and_children_see_what_they_became() -> None:
    table = compile_patterns({"a": "outer", "a.*": "inner"})
    found = rewrite(
        tree("a: x\n"),
        table,
        lambda rule, node, _: node._replace(value={"k": Node("v")}) if rule == "outer" else node._replace(value=rule),
    )

    assert value(found) == {"a": {"k": "inner"}}


def test_what_does_not_change_is_the_same_object() -> None:
    before = tree(DOCUMENT)
    table = compile_patterns({"services.a.ports.*": None, "services.b": None})
    after = rewrite(before, compile_patterns({"services.b.ports": 4}), lambda rule, node, _: node._replace(value=rule))

    assert rewrite(before, table, lambda _, node, __: node) is before
    assert after.value["volumes"] is before.value["volumes"]
    assert after.value["services"].value["a"] is before.value["services"].value["a"]
    assert value(before)["services"]["b"]["ports"] == 3


def test_paths_as_people_read_them() -> None:
    assert dotted(()) == ""
    assert dotted(("services", "web", "ports", 0, "target")) == "services.web.ports[0].target"
    assert dotted((0, "a")) == "[0].a"
