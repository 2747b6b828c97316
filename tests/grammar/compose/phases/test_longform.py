"""Short syntax to long: each notation, its span, its errors; and that the long form stays unchanged."""

import pytest
from hypothesis import given

from stackferry.grammar.compose.phases.longform import longform
from stackferry.grammar.compose.tree.node import lift, plain
from stackferry.grammar.diagnostics import Diagnostics
from stackferry.grammar.key_path import dotted
from tests import strategies
from tests.grammar.making import FILE, problems, tree, value


def longer(keys: str) -> object:
    report = Diagnostics()
    root = longform(tree(f"services: {{w: {{{keys}}}}}"), report)
    assert list(report) == []
    return value(root)["services"]["w"]


STARTED = {"condition": "service_started", "required": True}


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ("build: .", {"build": {"context": "."}}),
        ("build: {ssh: [default, k=/p]}", {"build": {"ssh": {"default": None, "k": "/p"}}}),
        ("build: {additional_contexts: [a=b]}", {"build": {"additional_contexts": {"a": "b"}}}),
        ("build: {provenance: true}", {"build": {"provenance": "true"}}),
        ("configs: [c]", {"configs": [{"source": "c"}]}),
        ("secrets: [s]", {"secrets": [{"source": "s"}]}),
        ("depends_on: [a]", {"depends_on": {"a": STARTED}}),
        ("depends_on: {a: {restart: true}}", {"depends_on": {"a": {**STARTED, "restart": True}}}),
        ("devices: ['/a:/b']", {"devices": [{"source": "/a", "target": "/b", "permissions": "rwm"}]}),
        ("dns: a", {"dns": ["a"]}),
        ("env_file: a", {"env_file": [{"path": "a", "required": True}]}),
        ("env_file: [{path: a, required: false}]", {"env_file": [{"path": "a", "required": False}]}),
        ("extends: a", {"extends": {"service": "a"}}),
        ("gpus: all", {"gpus": [{"count": "all"}]}),
        ("label_file: a", {"label_file": ["a"]}),
        ("models: [a]", {"models": {"a": None}}),
        ("networks: [a]", {"networks": {"a": None}}),
        ("ports: [80]", {"ports": [{"mode": "ingress", "target": 80, "protocol": "tcp"}]}),
        ("volumes: ['vol:/t/']", {"volumes": [{"type": "volume", "source": "vol", "target": "/t", "volume": {}}]}),
    ],
)
def test_notations(keys: str, expected: object) -> None:
    assert longer(keys) == expected


@pytest.mark.parametrize("kind", ["configs", "networks", "secrets", "volumes"])
def test_an_external_resource_by_its_old_name(kind: str) -> None:
    root = longform(tree(f"{kind}: {{a: {{external: {{name: b}}}}}}"), Diagnostics())

    assert value(root) == {kind: {"a": {"external": True, "name": "b"}}}


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        (
            "ports: ['80', '80/x']",
            f"{FILE}:1:40: error[short-syntax]: services.w.ports: invalid protocol 'x' in '80/x'",
        ),
        ("volumes: ['vol::/t']", f"{FILE}:1:36: error[mount-syntax]: services.w.volumes[0]: an empty section"),
        ("devices: ['a:b:c:d']", f"{FILE}:1:36: error[short-syntax]: services.w.devices[0]: invalid device"),
        ("build: {ssh: [k]}", f"{FILE}:1:39: error[wrong-type]: services.w.build.ssh: invalid ssh key 'k'"),
        ("depends_on: {a: null}", f"{FILE}:1:42: error[wrong-type]: services.w.depends_on.a: expected a mapping"),
    ],
)
def test_errors_point_at_the_item(keys: str, told: str) -> None:
    found = problems(f"services: {{w: {{image: x, {keys}}}}}")

    assert any(one.startswith(told) for one in found), found


def test_lenient_leaves_alone_what_may_hold_a_variable() -> None:
    report = Diagnostics()
    root = longform(tree("services: {w: {ports: ['${PORTS}']}}"), report, lenient=True)

    assert (list(report), value(root)) == ([], {"services": {"w": {"ports": ["${PORTS}"]}}})


def test_all_that_one_string_becomes_has_its_place() -> None:
    root = longform(tree("services:\n  w:\n    ports: ['1:2']\n"), Diagnostics())
    places = {dotted(path): (node.span or ())[1:] for path, node in root.walk()}

    assert {place for path, place in places.items() if path.startswith("services.w.ports[0]")} == {(3, 13)}


@given(strategies.documents())
def test_the_long_form_is_its_own_long_form(document: dict[str, object]) -> None:
    first = longform(lift(document), Diagnostics(), lenient=True)
    second = longform(first, Diagnostics(), lenient=True)

    assert plain(second) == plain(first)
