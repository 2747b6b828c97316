"""The virtual nodes of a stack: those that a deployment asks for come and go, the others stay."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from emulator.change import change_node
from emulator.cluster import Cluster, Node
from emulator.door import EngineVersion
from emulator.nodes import nodes_of, numbered, with_nodes
from emulator.virtual import NodeSpec
from grammar.diagnostics import StackferryError

ENGINE = EngineVersion("20.10", "1.41", "linux", "x86_64", 2, 1 << 30, "laptop")


def named(*names: str) -> Mapping[str, Node]:
    return nodes_of("s", [NodeSpec(name) for name in names], ENGINE)


def shown(nodes: Mapping[str, Node]) -> list[tuple[str, str, bool, str]]:
    return [(one.hostname, one.availability, one.leaving, one.address) for one in nodes.values()]


def test_fewer_nodes() -> None:
    after = with_nodes(nodes_of("s", numbered(3), ENGINE), nodes_of("s", numbered(1), ENGINE), asked=True)

    assert shown(after) == [
        ("node-1", "active", False, "127.0.0.1"),
        ("node-2", "drain", True, "127.0.0.2"),
        ("node-3", "drain", True, "127.0.0.3"),
    ]


def test_other_names_have_addresses_of_their_own_and_a_manager() -> None:
    after = with_nodes(nodes_of("s", numbered(2), ENGINE), named("a", "b"), asked=True)

    assert shown(after)[2:] == [("a", "active", False, "127.0.0.3"), ("b", "active", False, "127.0.0.4")]
    assert [one.role for one in after.values()] == ["manager", "worker", "manager", "worker"]


def test_where_nobody_asks_all_stay() -> None:
    """`up --nodes 3`, and later `up` alone: the stack's tasks stay where they are."""
    three = nodes_of("s", numbered(3), ENGINE)
    after = with_nodes(three, nodes_of("s", (), replace(ENGINE, version="29.0")), asked=False)

    assert shown(after) == shown(three)
    assert {one.engine_version for one in after.values()} == {"29.0"}
    assert shown(with_nodes({}, nodes_of("s", (), ENGINE), asked=False)) == [("laptop", "active", False, "127.0.0.1")]


def test_one_that_comes_back_is_as_it_is_asked_for() -> None:
    two = nodes_of("s", numbered(2), ENGINE)
    leaving = with_nodes(two, nodes_of("s", numbered(1), ENGINE), asked=True)

    assert with_nodes(leaving, two, asked=True) == two


def test_one_that_leaves_is_not_activated() -> None:
    nodes = with_nodes(named("a", "b"), named("a"), asked=True)
    b = list(nodes.values())[1]

    with pytest.raises(StackferryError, match="node b is leaving the stack"):
        change_node(Cluster(nodes), replace(b, availability="active"))
    change_node(Cluster(nodes), replace(b, ready=False))


def test_when_it_joined() -> None:
    (node,) = nodes_of("s", (), ENGINE, 7.0).values()

    assert (node.created_at, node.updated_at) == (7.0, 7.0)
