"""Defaults per file: each row, values that are set already, and that added values have no span."""

import pytest

from stackferry.grammar.compose.phases.defaults import defaults
from stackferry.grammar.compose.tree.node import Node
from tests.grammar.making import service, tree, value


def filled(keys: str) -> object:
    return value(defaults(tree(f"services: {{w: {{{keys}}}}}")))["services"]["w"]


def reserved(*devices: dict[str, object]) -> object:
    return {"deploy": {"resources": {"reservations": {"devices": list(devices)}}}}


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ("build: {}", {"build": {"context": "."}}),
        ("build: {dockerfile_inline: FROM x}", {"build": {"dockerfile_inline": "FROM x", "context": "."}}),
        ("build: {context: a}", {"build": {"context": "a"}}),
        ("ports: [{target: 80}]", {"ports": [{"target": 80, "protocol": "tcp", "mode": "ingress"}]}),
        ("ports: [{protocol: udp}]", {"ports": [{"protocol": "udp", "mode": "ingress"}]}),
        ("ports: [{mode: host, protocol: udp}]", {"ports": [{"mode": "host", "protocol": "udp"}]}),
        ("secrets: [{source: s}]", {"secrets": [{"source": "s", "target": "/run/secrets/s"}]}),
        ("secrets: [{source: s, target: t}]", {"secrets": [{"source": "s", "target": "t"}]}),
        ("gpus: [{}]", {"gpus": [{"count": "all"}]}),
        ("gpus: [{count: 0}]", {"gpus": [{"count": 0}]}),
        ("gpus: [{device_ids: ['0']}]", {"gpus": [{"device_ids": ["0"]}]}),
        ("gpus: [{device_ids: []}]", {"gpus": [{"device_ids": []}]}),
        (
            "deploy: {resources: {reservations: {devices: [{}, {count: 2}, {device_ids: ['1']}]}}}",
            reserved({"count": "all"}, {"count": 2}, {"device_ids": ["1"]}),
        ),
    ],
)
def test_rows(keys: str, expected: object) -> None:
    assert filled(keys) == expected


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ("build: {context: null}", {"build": {"context": None}}),
        ("ports: [{protocol: '', mode: null}]", {"ports": [{"protocol": "", "mode": None}]}),
        ("secrets: [{target: ''}]", {"secrets": [{"target": ""}]}),
        ("gpus: [{count: null}]", {"gpus": [{"count": None}]}),
    ],
)
def test_an_empty_value_is_said_too(keys: str, expected: object) -> None:
    assert filled(keys) == expected


def test_a_secret_without_a_source_has_the_folder_for_its_target() -> None:
    assert filled("secrets: [{}]") == {"secrets": [{"target": "/run/secrets/"}]}


@pytest.mark.parametrize(
    "text",
    [
        "services: {w: {build: ., ports: ['80'], secrets: [s], gpus: all}}",
        "services: {w: {build: null, ports: null}}",
        "services: {w: {build: {context: .}, ports: [], configs: [{source: c}]}}",
        "services: {w: null}",
        "services: []",
        "secrets: {s: {}}",
        "x-services: {w: {build: {}}}",
    ],
)
def test_where_nothing_is_missing_the_very_tree_comes_back(text: str) -> None:
    root = tree(text)

    assert defaults(root) is root


def test_what_is_added_stands_nowhere_and_what_was_there_keeps_its_place() -> None:
    port = defaults(tree("services:\n  w:\n    ports:\n      - target: 80\n")).at(("services", "w", "ports", 0))

    assert port is not None
    assert {name: child.span and str(child.span) for name, child in port.value.items()} == {
        "target": "compose.yaml:4:17",
        "protocol": None,
        "mode": None,
    }


def test_filling_in_twice_is_filling_in_once_and_changes_no_input() -> None:
    root = tree("services: {w: {build: {}, ports: [{target: 80}], gpus: [{}]}}")
    before = value(root)
    once = defaults(root)

    assert defaults(once) is once
    assert value(root) == before


def test_an_empty_document() -> None:
    assert defaults(Node({})) == Node({})
    assert defaults(Node(None)) == Node(None)


def test_in_a_stack_a_later_file_still_finds_nothing_said() -> None:
    """Defaults come after all files are merged: what an override says is no repetition of a default."""
    files = {
        "compose.yaml": "services: {web: {image: x, ports: [{target: 80}]}}",
        "more.yaml": "services: {web: {ports: [{target: 80, protocol: udp}]}}",
    }

    assert service(files, files=("compose.yaml", "more.yaml"))["ports"] == [
        {"mode": "ingress", "target": 80, "protocol": "tcp"},
        {"mode": "ingress", "target": 80, "protocol": "udp"},
    ]
