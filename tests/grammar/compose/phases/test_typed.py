"""Every scalar typed, every key in order, meaningless values dropped, every mismatch reported with its span."""

from typing import Any

import pytest
from hypothesis import given, settings

from stackferry.grammar.compose.output.render import render_yaml
from stackferry.grammar.compose.phases import typed as tables
from stackferry.grammar.compose.phases.codec import Extension
from stackferry.grammar.compose.phases.typed import (
    DEPLOY_KEYS,
    HOOK_KEYS,
    NETWORK_KEYS,
    SERVICE_KEYS,
    WATCH_KEYS,
    typed,
)
from stackferry.grammar.compose.syntax.units import Bytes, Duration, FileMode, Float32
from stackferry.grammar.compose.tree.node import Node, lift
from stackferry.grammar.diagnostics import Diagnostics
from tests import strategies
from tests.grammar.making import tree, value

UNORDERED = """\
x-z: {b: 1, a: [{d: 1, c: 2}]}
volumes: {data: , cache: {driver: local, name: c}}
x-a:
services:
  web:
    x-note: 1
    working_dir: /w
    volumes: [{target: /t, type: bind, bind: {create_host_path: true, selinux: z}, source: /s, read_only: "true"}]
    ulimits: {nproc: {hard: 2, soft: 1}, nofile: 3}
    stop_grace_period: 90s
    ports: [{published: 8080, target: 80, protocol: tcp, mode: ingress}]
    mem_limit: 1.5g
    healthcheck: {interval: 1m30s, timeout: 0s, test: curl x, disable: false}
    environment: {B: 1, A: , C: true}
    deploy: {x-d: 1, resources: {reservations: {}, limits: {memory: 1g, cpus: "0.50"}}, replicas: 0, mode: global}
    command: sh -c 'a b'
    image: x
    privileged: false
    annotations: [b=2, a]
    secrets: [{mode: 0440, source: s}]
  api: {expose: [80], image: 1, tty: "no", init: "no"}
networks: {default: {enable_ipv6: false, internal: false, name: n}}
name: shop
"""

ORDERED = """\
name: shop
services:
  api:
    image: "1"
    init: false
    expose:
      - "80"
  web:
    deploy:
      mode: global
      replicas: 0
      resources:
        limits:
          cpus: 0.5
          memory: 1073741824
        reservations: {}
      x-d: 1
    annotations:
      a: ""
      b: "2"
    command:
      - sh
      - -c
      - a b
    environment:
      A: null
      B: "1"
      C: "true"
    image: x
    mem_limit: 1610612736
    secrets:
      - source: s
        mode: 288
    stop_grace_period: 90000000000
    ulimits:
      nofile: 3
      nproc:
        soft: 1
        hard: 2
    volumes:
      - type: bind
        source: /s
        target: /t
        read_only: true
        bind:
          selinux: z
          create_host_path: true
    working_dir: /w
    healthcheck:
      test:
        - CMD-SHELL
        - curl x
      timeout: 0
      interval: 90000000000
    ports:
      - mode: ingress
        target: 80
        published: "8080"
        protocol: tcp
    x-note: 1
networks:
  default:
    name: 'n'
    enable_ipv6: false
volumes:
  cache:
    name: c
    driver: local
  data: {}
x-a: null
x-z:
  a:
    - c: 2
      d: 1
  b: 1
"""


def in_types(keys: str) -> tuple[dict[str, Any], list[str]]:
    """One service, given in long syntax on its third line from column 5, and what was said of it."""
    report = Diagnostics()
    root = typed(tree(f"services:\n  web:\n    {keys}\n"), report)
    return value(root)["services"]["web"], [str(one) for one in report]


def test_a_whole_document() -> None:
    report = Diagnostics()
    root = tree(UNORDERED)
    before = value(root)
    ordered = typed(root, report)

    assert list(report) == []
    assert render_yaml(_numbers(value(ordered))) == ORDERED
    assert value(root) == before


def _numbers(node: Any) -> Any:
    """Quantities as the plain numbers they are."""
    if isinstance(node, dict):
        return {name: _numbers(child) for name, child in node.items()}
    if isinstance(node, list):
        return [_numbers(child) for child in node]
    if isinstance(node, Float32):
        return float(node)
    return int(node) if isinstance(node, int) and not isinstance(node, bool) else node


@pytest.mark.parametrize(
    ("keys", "typed_value"),
    [
        ("scale: '2'", 2),
        ("scale: 1.9", 1),
        ("scale: 0", 0),
        ("cpus: '0.5'", Float32(0.5)),
        ("cpus: 1", Float32(1)),
        ("cpus: 0.1", Float32(0.1)),
        ("mem_limit: 1g", Bytes(1 << 30)),
        ("mem_limit: -1", Bytes(-1)),
        ("mem_limit: '10b'", Bytes(10)),
        ("stop_grace_period: 1m30s", Duration(90_000_000_000)),
        ("stop_grace_period: 0s", Duration(0)),
        ("init: 'yes'", True),
        ("init: 'no'", False),
        ("attach: false", False),
        ("image: 1", "1"),
        ("expose: [80, 1.5, true, x]", ["80", "1.5", "true", "x"]),
        ("command: ''", []),
        ("command: []", []),
        ("entrypoint: [a, 1]", ["a", "1"]),
        ("tmpfs: /x", ["/x"]),
        ("restart: 'on-failure:3'", "on-failure:3"),
        ("pull_refresh_after: 1d", "1d"),
        ("dns: [null, a]", ["a"]),
        ("environment: [b, b=2, 'c=', d=x=y]", {"b": "2", "c": "", "d": "x=y"}),
        ("environment: {d: 1.50, c: true, b: , a: ''}", {"a": "", "b": None, "c": "true", "d": "1.5"}),
        ("labels: {a: }", {"a": ""}),
        ("labels: [a, b=1]", {"a": "", "b": "1"}),
        ("extra_hosts: ['a=1', 'a:2', 'b=[::1]', 'c=1,2']", {"a": ["1", "2"], "b": ["::1"], "c": ["1", "2"]}),
        (
            "ulimits: {a: 5, b: 0, c: '-1', d: {hard: 2}}",
            {"a": 5, "b": {"soft": 0, "hard": 0}, "c": -1, "d": {"soft": 0, "hard": 2}},
        ),
        ("gpus: [{count: ALL}, {count: 2}]", [{"count": -1}, {"count": 2}]),
        (
            "secrets: [{source: a, mode: '0440'}, {mode: 0}]",
            [{"source": "a", "mode": FileMode(0o440)}, {"mode": FileMode(0)}],
        ),
        ("networks: {b: , a: {}}", {"a": {}, "b": None}),
        ("depends_on: {db: {required: false, restart: 'true'}}", {"db": {"restart": True, "required": False}}),
        ("healthcheck: {test: [], disable: false, retries: 0}", {"retries": 0}),
        (
            "provider: {type: a, options: {b: [1, true], a: x}}",
            {"type": "a", "options": {"a": ["x"], "b": ["1", "true"]}},
        ),
        ("logging: {options: {b: 1.5, a: }}", {"options": {"a": "", "b": "1.5"}}),
        ("deploy: {placement: {}, resources: {}, update_config: {}}", {"update_config": {}}),
        ("deploy: {}", {}),
    ],
)
def test_a_key_in_its_type(keys: str, typed_value: Any) -> None:
    found, said = in_types(keys)
    [got] = found.values()

    assert said == []
    assert (got, _types(got)) == (typed_value, _types(typed_value))


def _types(node: Any) -> Any:
    """The types of all scalars: `Bytes(1) == 1`, but it is not the same."""
    if isinstance(node, dict):
        return {name: _types(child) for name, child in node.items()}
    return [_types(child) for child in node] if isinstance(node, list) else type(node)


@pytest.mark.parametrize(
    "keys",
    [
        "image: ''",
        "image: ",
        "privileged: false",
        "cpus: 0",
        "cpu_count: 0",
        "mem_limit: 0",
        "mem_limit: 1.5",
        "scale: ",
        "command: ",
        "tmpfs: []",
        "labels: {}",
        "labels: []",
        "networks: {}",
        "depends_on: {}",
        "ports: []",
        "unknown: 1",
    ],
)
def test_what_means_nothing_goes(keys: str) -> None:
    assert in_types(keys) == ({}, [])


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ("scale: x", "3:12: error[wrong-type]: services.web.scale: 'x' is not a whole number"),
        ("scale: true", "3:12: error[wrong-type]: services.web.scale: expected a whole number, got true"),
        ("scale: [1]", "3:12: error[wrong-type]: services.web.scale: expected a whole number, got a list"),
        ("scale: .inf", "3:12: error[wrong-type]: services.web.scale: expected a whole number, got +Inf"),
        ("cpus: x", "3:11: error[wrong-type]: services.web.cpus: 'x' is not a number"),
        ("cpus: true", "3:11: error[wrong-type]: services.web.cpus: expected a number, got true"),
        (
            "mem_limit: 1x",
            (
                "3:16: error[wrong-type]: services.web.mem_limit: "
                "invalid size '1x': write it as 512m, 1g or a number of bytes"
            ),
        ),
        (
            "stop_grace_period: 90",
            "3:24: error[wrong-type]: services.web.stop_grace_period: invalid duration '90': add a unit: 90s",
        ),
        (
            "stop_grace_period: ''",
            (
                "3:24: error[wrong-type]: services.web.stop_grace_period: "
                "invalid duration '': write it as 30s, 1m30s or 1.5h"
            ),
        ),
        ("init: 1", "3:11: error[wrong-type]: services.web.init: expected true or false, got 1"),
        ("init: maybe", "3:11: error[wrong-type]: services.web.init: 'maybe' is not a boolean: write true or false"),
        ("image: 1.5", "3:12: error[wrong-type]: services.web.image: expected text (quote it), got 1.5"),
        ("image: {}", "3:12: error[wrong-type]: services.web.image: expected text (quote it), got a mapping"),
        (
            'command: "a \'b"',
            (
                "3:14: error[command-syntax]: services.web.command: "
                'unbalanced quotes or parentheses in command "a \'b"\n'
                "  hint: use the list form"
            ),
        ),
        (
            "networks: {n: {priority: x}}",
            "3:30: error[wrong-type]: services.web.networks.n.priority: 'x' is not a whole number",
        ),
    ],
)
def test_a_misfit_is_told_with_its_place_and_left_out(keys: str, said: str) -> None:
    found, told = in_types(keys)

    assert told == [f"compose.yaml:{said}"]
    assert found in ({}, {"networks": {"n": {}}})


@pytest.mark.parametrize(
    ("keys", "left", "said"),
    [
        (
            "command: [a, 1.5, {}]",
            {"command": ["a"]},
            ["3:18 wrong-type services.web.command[1]", "3:23 wrong-type services.web.command[2]"],
        ),
        (
            "healthcheck: {retries: -1, interval: x, timeout: 1s}",
            {"healthcheck": {"timeout": Duration(1_000_000_000)}},
            ["3:42 wrong-type services.web.healthcheck.interval", "3:28 wrong-type services.web.healthcheck.retries"],
        ),
        (
            "ports: [{target: '80'}, {target: -1, mode: host}]",
            {"ports": [{}, {"mode": "host"}]},
            ["3:22 wrong-type services.web.ports[0].target", "3:38 wrong-type services.web.ports[1].target"],
        ),
        (
            "environment: ['a = 1', b]",
            {"environment": {"b": None}},
            ["3:19 variable-space services.web.environment"],
        ),
        (
            "extra_hosts: [a=1, b, '=1']",
            {"extra_hosts": {"a": ["1"]}},
            ["3:24 host-syntax services.web.extra_hosts", "3:27 host-syntax services.web.extra_hosts"],
        ),
        (
            "secrets: [{source: a, mode: '8'}]",
            {"secrets": [{"source": "a"}]},
            ["3:33 wrong-type services.web.secrets[0].mode"],
        ),
        (
            "ulimits: {a: x, b: {soft: y, hard: 1}}",
            {"ulimits": {"b": {"soft": 0, "hard": 1}}},
            ["3:18 wrong-type services.web.ulimits.a", "3:31 wrong-type services.web.ulimits.b.soft"],
        ),
    ],
)
def test_a_misfit_within_a_value_leaves_the_rest(keys: str, left: dict[str, Any], said: list[str]) -> None:
    report = Diagnostics()
    root = typed(tree(f"services:\n  web:\n    {keys}\n"), report)
    places = [(one.span or (0, 0, 0), one) for one in report]

    told = [f"{span[1]}:{span[2]} {one.code} {one.message.partition(': ')[0]}" for span, one in places]
    assert told == said
    assert value(root)["services"]["web"] == left


def test_several_services_tell_all_their_misfits_in_one_run() -> None:
    report = Diagnostics()
    root = typed(
        tree("services:\n  b: {scale: x, cpus: y}\n  a: {init: z, image: i}\nvolumes: {v: {name: 1.5, driver: d}}\n"),
        report,
    )

    assert [(one.code, str(one.span)) for one in report] == [
        ("wrong-type", "compose.yaml:3:13"),
        ("wrong-type", "compose.yaml:2:14"),
        ("wrong-type", "compose.yaml:2:23"),
        ("wrong-type", "compose.yaml:4:21"),
    ]
    assert value(root) == {"services": {"a": {"image": "i"}, "b": {}}, "volumes": {"v": {"driver": "d"}}}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{}", {}),
        ("[]", {}),
        ("services: ", {}),
        ("services: {web: }", {"services": {"web": None}}),
        ("networks: {n: }", {"networks": {"n": {}}}),
        ("volumes: {v: }", {"volumes": {"v": {}}}),
        ("secrets: {s: }", {"secrets": {}}),
        ("name: ''", {}),
        ("unknown: 1", {}),
        ("x-b: {d: 1, c: 2}\nx-a:\nname: n", {"name": "n", "x-a": None, "x-b": {"c": 2, "d": 1}}),
    ],
)
def test_the_top_of_the_document(text: str, expected: object) -> None:
    report = Diagnostics()
    found = value(typed(tree(text), report))

    assert (repr(found), list(report)) == (repr(expected), [])


def test_a_key_of_ones_own_is_marked_as_such_and_its_value_is_anything() -> None:
    root = typed(tree("services: {web: {x-a: [2001-01-01, {b: null}]}}\nx-c: text"), Diagnostics())
    inner = root.at(("services", "web", "x-a"))

    assert type(root.value["x-c"]) is Extension
    assert type(inner) is Extension
    assert str(inner.span) == "compose.yaml:1:23"


def test_a_value_keeps_its_place() -> None:
    root = typed(tree("services:\n  web:\n    command: a b\n    mem_limit: 1g\n    labels: [a=b]\n"), Diagnostics())
    places = {".".join(map(str, path[2:])): str(node.span)[13:] for path, node in root.walk() if path[2:]}

    assert places == {
        "command": "3:14",
        "command.0": "3:14",
        "command.1": "3:14",
        "labels": "5:13",
        "labels.a": "5:14",
        "mem_limit": "4:16",
    }


ORDERS = {
    name: getattr(tables, name) for name in ("SERVICE_KEYS", "DEPLOY_KEYS", "WATCH_KEYS", "HOOK_KEYS", "NETWORK_KEYS")
}


@pytest.mark.parametrize("order", ORDERS.values(), ids=ORDERS)
def test_no_order_names_a_key_twice(order: tuple[str, ...]) -> None:
    assert len(set(order)) == len(order) > 4


@pytest.mark.parametrize(
    ("before", "after", "order"),
    [
        ("profiles", "deploy", SERVICE_KEYS),
        ("working_dir", "build", SERVICE_KEYS),
        ("image", "init", SERVICE_KEYS),
        ("cgroup_parent", "cgroup", SERVICE_KEYS),
        ("post_start", "working_dir", SERVICE_KEYS),
        ("mode", "replicas", DEPLOY_KEYS),
        ("path", "action", WATCH_KEYS),
        ("command", "user", HOOK_KEYS),
        ("external", "internal", NETWORK_KEYS),
    ],
)
def test_the_order_is_not_that_of_the_alphabet(before: str, after: str, order: tuple[str, ...]) -> None:
    assert order.index(before) < order.index(after)


@given(strategies.documents())
@settings(max_examples=40, deadline=None)
def test_no_form_of_a_document_is_a_crash(document: dict[str, object]) -> None:
    # The table is for the long syntax; what is in the short one here was refused or rewritten before.
    report = Diagnostics()
    root = typed(lift(document), report)

    assert type(root) is Node
    assert {one.severity.value for one in report} <= {"error"}
