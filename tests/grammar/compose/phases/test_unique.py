"""Lists whose later entries redefine earlier ones."""

import pytest
from hypothesis import given

from stackferry.grammar.compose.phases.unique import unique
from stackferry.grammar.compose.tree.node import lift, plain
from stackferry.grammar.diagnostics import Diagnostics
from tests import strategies
from tests.grammar.making import tree, value


def kept(keys: str) -> object:
    report = Diagnostics()
    root = unique(tree(f"services: {{w: {{{keys}}}}}"), report)
    assert list(report) == []
    return next(iter(value(root)["services"]["w"].values()))


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ("environment: [A=1, B=2, A=3, C]", ["A=3", "B=2", "C"]),
        ("labels: [a, a=1]", ["a=1"]),
        ("cap_add: [A, B, A]", ["A", "B"]),
        ("expose: [80, '80', '80/udp']", ["80", "80/udp"]),
        ("ports: ['80', '80', '81:80']", ["80", "81:80"]),
        (
            "ports: [{target: 80}, {target: 80, host_ip: 0.0.0.0, name: n}]",
            [{"target": 80, "host_ip": "0.0.0.0", "name": "n"}],
        ),
        ("ports: [{target: 80}, {target: 80, protocol: udp}]", [{"target": 80}, {"target": 80, "protocol": "udp"}]),
        ("volumes: ['vol:/t', {type: bind, source: ., target: /t}]", [{"type": "bind", "source": ".", "target": "/t"}]),
        ("devices: ['/a:/d', '/b:/d:r']", ["/b:/d:r"]),
        ("secrets: [s, {source: x, target: /run/secrets/s}]", [{"source": "x", "target": "/run/secrets/s"}]),
        ("env_file: [a, {path: a, required: false}]", [{"path": "a", "required": False}]),
        ("command: [a, a]", ["a", "a"]),
    ],
)
def test_the_later_entry_stands_in_the_earlier_place(keys: str, expected: object) -> None:
    assert kept(keys) == expected


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        (
            "volumes: [{type: bind}]",
            "compose.yaml:1:26: error[missing-key]: services.w.volumes[0]: the mount has no target",
        ),
        ("volumes: ['']", "compose.yaml:1:26: error[mount-syntax]: services.w.volumes[0]: the mount is empty"),
        ("ports: [{}]", "compose.yaml:1:24: error[missing-key]: services.w.ports[0]: the port has no target"),
        ("expose: [80.5]", "compose.yaml:1:25: error[missing-key]: services.w.expose[0]: expected a whole number, or"),
        ("profiles: [1]", "compose.yaml:1:27: error[missing-key]: services.w.profiles[0]: expected text"),
        ("env_file: [{}]", "compose.yaml:1:27: error[missing-key]: services.w.env_file[0]: the env file has no path"),
        ("environment: [[]]", "compose.yaml:1:30: error[missing-key]: services.w.environment[0]: expected NAME=value"),
    ],
)
def test_an_entry_without_a_key_is_told_and_dropped(keys: str, told: str) -> None:
    report = Diagnostics()
    root = unique(tree(f"services: {{w: {{{keys}}}}}"), report)

    assert [str(one).startswith(told) for one in report] == [True]
    assert list(value(root)["services"]["w"].values()) == [[]]


@given(strategies.documents())
def test_once_is_enough(document: dict[str, object]) -> None:
    first = unique(lift(document), Diagnostics())

    assert plain(unique(first, Diagnostics())) == plain(first)


@pytest.mark.parametrize(
    ("keys", "hint"),
    [
        ("environment: [A: 1]", "write - A=1"),
        ("environment: [A: [1]]", ""),
        ("ports: ['80': 81]", "remove the space after the colon: - 80:81"),
        ("ports: [{published: 80}]", ""),
        ("volumes: [./a: /a]", "remove the space after the colon: - ./a:/a"),
        ("volumes:\n      - /a:", "remove the colon at the end: - /a"),
        ("volumes: [{type: bind}]", ""),
        ("devices: [/a: /b]", "remove the space after the colon: - /a:/b"),
        ("profiles: [true]", 'quote it to make it text: "true"'),
        ("profiles: [null]", ""),
    ],
)
def test_what_to_type_for_an_entry_without_a_key(keys: str, hint: str) -> None:
    report = Diagnostics()
    unique(tree(f"services:\n  w:\n    {keys}"), report)

    assert [one.hint for one in report] == [hint]
