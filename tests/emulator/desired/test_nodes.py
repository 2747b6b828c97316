"""Nodes that a stack asks for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackferry.emulator.desired.findings import Findings
from stackferry.emulator.desired.nodes import NodeSpec, node_specs


def read(extension: object) -> tuple[tuple[NodeSpec, ...], list[str]]:
    findings = Findings()
    return node_specs(extension, findings), [one.message for one in findings.refused]


def test_names_numbers_mappings() -> None:
    assert read(None) == ((), [])
    assert read({"nodes": 2}) == ((NodeSpec("node-1", plain=True), NodeSpec("node-2", plain=True)), [])
    assert read({"nodes": ["a", {"name": "b", "role": "manager", "labels": {"x": True, "y": None}}]}) == (
        (NodeSpec("a"), NodeSpec("b", "manager", labels={"x": "true", "y": ""})),
        [],
    )


@pytest.mark.parametrize(
    ("nodes", "problem"),
    [
        (["a", "a"], "node a already exists"),
        ([{"role": "manager"}], "the node has no name"),
        ([{"name": "a", "role": "boss"}], "'boss' is not one of manager, worker"),
        ([{"name": "a", "cpu": 1}], "unknown key 'cpu'"),
        ([{"name": "a", "cpus": "many"}], "invalid number of CPUs 'many'"),
        ([{"name": "a", "cpus": -1}], "is not a number of CPUs"),
        ([{"name": "a", "memory": "1q"}], "invalid size"),
        ([{"name": "a", "labels": 1}], "expected a mapping of labels"),
        ([1], "expected a name or a mapping"),
        (0, "expected a list of nodes"),
        (True, "expected a list of nodes"),
    ],
)
def test_refused(nodes: object, problem: str) -> None:
    assert problem in " ".join(read({"nodes": nodes})[1])


def test_unknown_keys_are_refused() -> None:
    assert "unknown key 'node'" in " ".join(read({"node": []})[1])
    assert "expected a mapping" in " ".join(read([])[1])


PLAIN = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
TREES = st.recursive(PLAIN, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner))


@given(st.dictionaries(st.sampled_from(["nodes", "x"]), TREES))
def test_anything_is_read_or_refused(extension: object) -> None:
    read(extension)


KEYS = st.sampled_from(["name", "role", "labels", "cpus", "memory", "availability"])


@pytest.mark.slow
@given(st.lists(st.dictionaries(KEYS, TREES), max_size=3))
def test_any_values_are_read_or_refused(nodes: object) -> None:
    read({"nodes": nodes})
