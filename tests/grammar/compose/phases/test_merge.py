"""Merging: what is combined, replaced and refused, and the laws that hold."""

import copy

import pytest
from hypothesis import given

from stackferry.grammar.compose.phases.merge import merge
from stackferry.grammar.compose.tree.node import Node, lift, plain
from stackferry.grammar.diagnostics import Diagnostics
from tests import strategies
from tests.grammar.making import codes, tree, value


def merged(base: str, over: str) -> object:
    """A key of a service merged over the same key."""
    report = Diagnostics()
    root = merge(tree(f"services: {{w: {{{base}}}}}"), tree(f"services: {{w: {{{over}}}}}"), report)
    assert list(report) == []
    return value(root)["services"]["w"]


@pytest.mark.parametrize(
    ("base", "over", "expected"),
    [
        ("image: a", "image: b", {"image": "b"}),
        ("image: a", "image: null", {"image": "a"}),
        ("image: a", "user: b", {"image": "a", "user": "b"}),
        ("cap_add: [A]", "cap_add: [B, A]", {"cap_add": ["A", "B"]}),
        ("command: [a]", "command: b", {"command": "b"}),
        ("entrypoint: a", "entrypoint: [b]", {"entrypoint": ["b"]}),
        (
            "healthcheck: {test: a, retries: 1}",
            "healthcheck: {test: [b]}",
            {"healthcheck": {"test": ["b"], "retries": 1}},
        ),
        ("environment: {A: 1, B: x}", "environment: [C]", {"environment": ["A=1", "B=x", "C"]}),
        ("environment: {B: x, A: null}", "environment: {A: 1}", {"environment": ["A=1", "B=x"]}),
        ("dns: a", "dns: [b]", {"dns": ["a", "b"]}),
        ("env_file: a", "env_file: b", {"env_file": ["a", "b"]}),
        ("extra_hosts: [a=1]", "extra_hosts: {a: 1, b: 2}", {"extra_hosts": ["a=1", "b=2"]}),
        ("build: .", "build: {target: t}", {"build": {"context": ".", "target": "t"}}),
        ("build: {context: a}", "build: b", {"build": {"context": "b"}}),
        ("networks: [a]", "networks: {b: {priority: 1}}", {"networks": {"a": None, "b": {"priority": 1}}}),
        ("ulimits: {n: {soft: 1, hard: 2}}", "ulimits: {n: 3}", {"ulimits": {"n": 3}}),
        (
            "logging: {driver: a, options: {x: 1}}",
            "logging: {driver: b, options: {y: 1}}",
            {"logging": {"driver": "b", "options": {"y": 1}}},
        ),
        (
            "logging: {driver: a, options: {x: 1}}",
            "logging: {options: {y: 1}}",
            {"logging": {"driver": "a", "options": {"x": 1, "y": 1}}},
        ),
        (
            "depends_on: [a]",
            "depends_on: {a: {condition: service_healthy}}",
            {"depends_on": {"a": {"condition": "service_healthy", "required": True}}},
        ),
    ],
)
def test_a_key_over_the_same_key(base: str, over: str, expected: object) -> None:
    assert merged(base, over) == expected


@pytest.mark.parametrize(
    ("first", "second", "pools"),
    [
        ("{subnet: a}", "{subnet: b}", [{"subnet": "b"}]),
        ("{subnet: a}", "{subnet: a, gateway: g}", [{"subnet": "a", "gateway": "g"}]),
    ],
)
def test_address_pools_merge_by_their_subnet_or_replace(first: str, second: str, pools: object) -> None:
    report = Diagnostics()
    documents = [tree(f"networks: {{n: {{ipam: {{config: [{pool}]}}}}}}") for pool in (first, second)]
    found = value(merge(*documents, report))["networks"]["n"]["ipam"]["config"]

    assert sorted(map(str, found)) == sorted(map(str, pools))


@pytest.mark.parametrize(
    ("base", "over", "code"),
    [
        ("ports: [80]", "ports: a", "3:28 merge-kind"),
        ("deploy: {replicas: 1}", "deploy: 1", "3:29 merge-kind"),
        ("logging: {driver: a}", "logging: b", "3:30 merge-kind"),
    ],
)
def test_forms_that_do_not_mix_are_refused_where_the_later_one_stands(base: str, over: str, code: str) -> None:
    text = f"services: {{w: {{image: x, {base}}}}}\n---\nservices: {{w: {{{over}}}}}\n"

    assert code.split()[1] in {one.split()[-1] for one in codes(text)}
    assert {one.split(":")[0] for one in codes(text) if "merge-kind" in one} == {"3"}


def test_a_merged_value_keeps_its_place() -> None:
    root = merge(tree("a: {b: 1}"), tree("\na: {c: 2}"), Diagnostics())

    assert [(child.span or (0, 0))[1:] for _, child in root.walk()] == [(1, 4), (1, 8), (2, 8)]


def quiet(base: Node, over: Node) -> object:
    return plain(merge(base, over, Diagnostics()))


@given(strategies.documents())
def test_nothing_merged_with_a_document_is_the_document(document: dict[str, object]) -> None:
    before = copy.deepcopy(document)

    assert quiet(Node({}), lift(document)) == document
    assert quiet(lift(document), Node({})) == document
    assert quiet(lift(document), Node(None)) == document
    assert document == before


@given(strategies.documents(), strategies.overrides())
def test_what_is_merged_is_not_changed_by_it(document: dict[str, object], override: dict[str, object]) -> None:
    base, over = lift(document), lift(override)
    quiet(base, over)

    assert plain(base) == document
    assert plain(over) == override
