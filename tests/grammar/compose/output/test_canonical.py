"""The canonical document as YAML and as JSON: content, order, and where the two differ."""

import json

import pytest

from stackferry.grammar.compose.output.canonical import canonical, canonical_json, raw, raw_json
from stackferry.grammar.compose.output.render import render_yaml
from stackferry.grammar.compose.phases.typed import typed
from stackferry.grammar.compose.tree.node import Node
from stackferry.grammar.diagnostics import Diagnostics
from tests.grammar.making import tree


def typed_tree(text: str) -> Node:
    report = Diagnostics()
    root = typed(tree(text), report)
    assert list(report) == []
    return root


def yaml(text: str, resolved: bool = True) -> str:
    return render_yaml(canonical(typed_tree(text), "shop", resolved))


def compact(text: str, resolved: bool = True) -> str:
    return json.dumps(canonical_json(typed_tree(text), "shop", resolved), separators=(",", ":"))


def service_yaml(keys: str, resolved: bool = True) -> object:
    return canonical(typed_tree(f"services: {{w: {{{keys}}}}}"), "shop", resolved)["services"]["w"]


def service_json(keys: str) -> object:
    return canonical_json(typed_tree(f"services: {{w: {{{keys}}}}}"), "shop")["services"]["w"]


WHOLE = """\
x-top: {b: 1.0, a: [2, {d: 1, c: 2}]}
volumes: {v: null}
services:
  w2:
    image: x
    environment: {b: , A: 1}
    x-own: {z: 1}
  w10:
    mem_limit: 64m
    image: y
networks: {n: {labels: {b: 1, A: 2}}}
name: written
include: [other.yaml]
"""


def test_the_document_as_yaml() -> None:
    assert (
        yaml(WHOLE)
        == """\
name: shop
services:
  w2:
    environment:
      A: "1"
      b: null
    image: x
    x-own:
      z: 1
  w10:
    image: 'y'
    mem_limit: "67108864"
networks:
  'n':
    labels:
      A: "2"
      b: "1"
volumes:
  v: {}
x-top:
  a:
    - 2
    - c: 2
      d: 1
  b: 1
"""
    )


def test_the_document_as_json() -> None:
    assert compact(WHOLE) == (
        '{"name":"shop","networks":{"n":{"ipam":{},"labels":{"A":"2","b":"1"}}},"services":{'
        '"w10":{"command":null,"entrypoint":null,"image":"y","mem_limit":"67108864"},'
        '"w2":{"command":null,"entrypoint":null,"environment":{"A":"1","b":null},"image":"x"}},'
        '"volumes":{"v":{}},"x-top":{"a":[2,{"c":2,"d":1}],"b":1}}'
    )


@pytest.mark.parametrize("empty", ["{}", "services: {}", "services: null"])
def test_a_stack_without_services_has_the_key_all_the_same(empty: str) -> None:
    assert yaml(empty) == "name: shop\nservices: {}\n"
    assert compact(empty) == '{"name":"shop","services":{}}'


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ("stop_grace_period: 90s", {"stop_grace_period": "1m30s"}),
        ("shm_size: 1k", {"shm_size": "1024"}),
        ("configs: [{source: c, mode: 0440}]", {"configs": [{"source": "c", "mode": "0440"}]}),
        ("cpus: 0.1", {"cpus": 0.1}),
        ("cpus: 1e-7", {"cpus": 1e-7}),
        ("x-day: 2001-1-5", {"x-day": "2001-01-05T00:00:00Z"}),
        ("extra_hosts: ['b=1.1.1.1,::1', 'a:2.2.2.2']", {"extra_hosts": ["a=2.2.2.2", "b=1.1.1.1", "b=::1"]}),
        ("extra_hosts: {a: []}", {"extra_hosts": []}),
        ("build: {ssh: {default: , k: /p}}", {"build": {"ssh": ["default", "k=/p"]}}),
        ("build: {extra_hosts: ['a=1.1.1.1']}", {"build": {"extra_hosts": ["a=1.1.1.1"]}}),
        (
            "ulimits: {core: 0, nofile: {soft: 0, hard: 5}}",
            {"ulimits": {"core": {"soft": 0, "hard": 0}, "nofile": {"soft": 0, "hard": 5}}},
        ),
    ],
)
def test_values_of_a_service(keys: str, expected: object) -> None:
    assert service_yaml(keys) == expected


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        (
            "blkio_config: {weight_device: [{path: /d}, {weight: 5}]}",
            {"blkio_config": {"weight_device": [{"path": "/d", "weight": 0}, {"path": "", "weight": 5}]}},
        ),
        (
            "blkio_config: {weight: 3, device_write_iops: [{path: /d}, {rate: 1k}]}",
            {
                "blkio_config": {
                    "weight": 3,
                    "device_write_iops": [{"path": "/d", "rate": "0"}, {"path": "", "rate": "1024"}],
                }
            },
        ),
        (
            "deploy: {resources: {reservations: {generic_resources: [{discrete_resource_spec: {value: 1}}, {}]}}}",
            {
                "deploy": {
                    "resources": {
                        "reservations": {
                            "generic_resources": [{"discrete_resource_spec": {"kind": "", "value": 1}}, {}]
                        }
                    }
                }
            },
        ),
    ],
)
def test_what_a_file_leaves_out_of_some_records_is_zero(keys: str, expected: dict[str, object]) -> None:
    found = service_yaml(keys)

    assert found == expected
    # Docker Compose has the path first, whatever the file says.
    assert json.dumps(found) == json.dumps(expected)


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ("", {}),
        ("command: [], entrypoint: a b", {"command": [], "entrypoint": ["a", "b"]}),
        ("deploy: {}", {"deploy": {"resources": {}, "placement": {}}}),
        ("deploy: {mode: global}", {"deploy": {"mode": "global", "resources": {}, "placement": {}}}),
        (
            "develop: {watch: [{path: a, action: sync}]}",
            {"develop": {"watch": [{"path": "a", "action": "sync", "exec": {"command": None}}]}},
        ),
        (
            "develop: {watch: [{path: a, action: sync, exec: {user: u, command: x}}]}",
            {"develop": {"watch": [{"path": "a", "action": "sync", "exec": {"command": ["x"], "user": "u"}}]}},
        ),
        ("post_start: [{user: u}]", {"post_start": [{"command": None, "user": "u"}]}),
        ("pre_stop: [{}]", {"pre_stop": [{"command": None}]}),
        (
            "ulimits: {core: 0, nproc: {soft: 0, hard: 5}, data: 7}",
            {"ulimits": {"core": {}, "data": 7, "nproc": {"hard": 5}}},
        ),
        ("build: {ulimits: {core: 0}}", {"build": {"ulimits": {"core": {}}}}),
        ("cpus: 2.0", {"cpus": 2}),
        ("x-own: 1, healthcheck: {x-h: 1, retries: 3}", {"healthcheck": {"retries": 3}}),
        ("labels: {b: 1, A: 1, a10: 1, a9: 1}", {"labels": {"A": "1", "a10": "1", "a9": "1", "b": "1"}}),
    ],
)
def test_a_service_as_json(keys: str, expected: dict[str, object]) -> None:
    found = service_json(keys)
    nothing = {"command": None, "entrypoint": None}

    assert found == {**nothing, **expected}
    assert isinstance(found, dict)
    for key, entries in expected.items():
        # The order of keys is part of the text, and so of the hash.
        assert json.dumps(found[key]) == json.dumps(entries)


def test_names_are_sorted_by_number_in_yaml_and_by_their_bytes_in_json() -> None:
    text = "services: {w10: {}, w9: {}, W: {}, é: {}}"

    assert list(canonical(typed_tree(text), "shop")["services"]) == ["W", "w9", "w10", "é"]
    assert list(canonical_json(typed_tree(text), "shop")["services"]) == ["W", "w10", "w9", "é"]


def test_a_name_of_the_users_choice_that_is_a_key_of_names_itself() -> None:
    """A service called `labels` is a service: its keys keep their order."""
    text = "services: {labels: {image: x, command: [a], labels: {b: 1, A: 2}}}"

    assert compact(text) == (
        '{"name":"shop","services":{"labels":{"command":["a"],"entrypoint":null,"image":"x",'
        '"labels":{"A":"2","b":"1"}}}}'
    )


@pytest.mark.parametrize(
    ("resolved", "expected"),
    [
        (True, {}),
        (False, {"env_file": [{"path": "a"}, {"path": "b", "required": False}, {"path": "c", "format": "raw"}]}),
    ],
)
def test_what_is_spent_once_a_stack_is_loaded(resolved: bool, expected: object) -> None:
    keys = (
        "image: x, env_file: [{path: a}, {path: b, required: false}, {path: c, format: raw}], label_file: [l],"
        " pull_refresh_after: 1h"
    )

    kept = {"image": "x", "label_file": ["l"], "pull_refresh_after": "1h"}

    assert service_yaml(keys, resolved) == {**kept, **expected}


def test_address_pools_forget_their_own_keys() -> None:
    text = "networks: {a: {ipam: {}}, b: {ipam: {options: {o: 1}}}, c: {ipam: {config: [{subnet: s, x-note: 1}]}}}"

    assert canonical(typed_tree(text), "shop")["networks"] == {
        "a": {},
        "b": {"ipam": {"options": {"o": "1"}}},
        "c": {"ipam": {"config": [{"subnet": "s"}]}},
    }
    assert canonical_json(typed_tree(text), "shop")["networks"]["a"] == {"ipam": {}}


JOB = "jobs: {j: {image: x, env_file: [{path: a, required: true}], triggers: {manual: false, schedule: [{cron: c}]}}}"


def test_a_job_keeps_its_env_files_which_are_read_when_it_runs() -> None:
    shown = {"image": "x", "env_file": [{"path": "a"}], "triggers": {"manual": False, "schedule": [{"cron": "c"}]}}

    assert canonical(typed_tree(JOB), "shop")["jobs"]["j"] == shown
    assert canonical_json(typed_tree(JOB), "shop")["jobs"]["j"] == {"command": None, "entrypoint": None, **shown}


@pytest.mark.parametrize(
    ("bind", "shown"),
    [
        ("create_host_path: true", {}),
        ("create_host_path: false", {"create_host_path": False}),
        ("propagation: p", {"propagation": "p", "create_host_path": False}),
        ("recursive: r, x-a: 1", {"create_host_path": False, "recursive": "r", "x-a": 1}),
    ],
)
def test_a_path_is_created_unless_it_is_said(bind: str, shown: object) -> None:
    found = service_yaml(f"pre_start: [{{volumes: [{{type: bind, bind: {{{bind}}}}}]}}]", True)

    assert found["pre_start"] == [{"volumes": [{"type": "bind", "bind": shown}]}]


def test_the_content_of_a_config_from_a_variable_is_not_shown() -> None:
    text = "configs: {c: {environment: A, content: secret}, d: {content: shown}}"

    assert canonical(typed_tree(text), "shop")["configs"] == {"c": {"environment": "A"}, "d": {"content": "shown"}}


@pytest.mark.parametrize(
    ("number", "text"), [("1.0", "1"), ("1e20", "100000000000000000000"), ("1e21", "1e+21"), ("1.5", "1.5")]
)
def test_a_number_without_a_fraction_is_whole_in_json_unless_it_is_very_long(number: str, text: str) -> None:
    assert compact(f"x-n: {number}") == f'{{"name":"shop","services":{{}},"x-n":{text}}}'


def test_printing_changes_no_tree() -> None:
    root = typed_tree("services: {w: {build: {ssh: {k: /p}}, blkio_config: {weight_device: [{path: /d}]}}}")
    first = canonical(root, "shop")
    canonical_json(root, "shop")

    assert canonical(root, "shop") == first
    assert root.at(("services", "w", "build", "ssh", "k")) is not None
    assert root.at(("services", "w", "blkio_config", "weight_device", 0, "weight")) is None


RAW = "services: {w: {ports: ['${P}'], mem_limit: 1g, scale: 2.0}}\nname: ${N}\nx-b: {b10: 1, b9: 2}\n"


def test_what_is_not_interpolated_keeps_its_values_and_is_sorted() -> None:
    assert (
        render_yaml(raw(tree(RAW)))
        == """\
name: ${N}
services:
  w:
    mem_limit: 1g
    ports:
      - ${P}
    scale: 2
x-b:
  b9: 2
  b10: 1
"""
    )
    assert json.dumps(raw_json(tree(RAW))) == (
        '{"name": "${N}", "services": {"w": {"mem_limit": "1g", "ports": ["${P}"], "scale": 2}},'
        ' "x-b": {"b10": 1, "b9": 2}}'
    )


@pytest.mark.parametrize("document", ["null", "text", "[b, a]"])
def test_a_raw_document_may_be_anything(document: str) -> None:
    assert raw(tree(f"x: {document}")) == raw_json(tree(f"x: {document}"))
