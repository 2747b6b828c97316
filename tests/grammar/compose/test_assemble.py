"""The typed tree to the model: every annotation's constructor, missing values, and values passed on unchanged."""

import dataclasses
from typing import Any

import pytest

from stackferry.grammar.compose.assemble import Disabled, assemble
from stackferry.grammar.compose.load import Loaded
from stackferry.grammar.compose.model.attachments import (
    BindOptions,
    Dependency,
    EnvFile,
    FileReference,
    ModelBinding,
    Mount,
    NetworkAttachment,
    Port,
    Provider,
    Ulimit,
)
from stackferry.grammar.compose.model.deploy import Deploy
from stackferry.grammar.compose.model.job import Schedule, Triggers
from stackferry.grammar.compose.model.model import Project, Service
from stackferry.grammar.compose.model.resources import Config, Ipam, IpamPool, Network, Volume
from stackferry.grammar.compose.model.runtime import BlockIo, Healthcheck, WeightDevice
from stackferry.grammar.compose.model.terms import (
    Exposed,
    Link,
    Namespace,
    Period,
    PortRange,
    Restart,
    TmpfsMount,
    User,
    VolumesFrom,
)
from stackferry.grammar.compose.phases.typed import typed
from stackferry.grammar.compose.syntax.units import Bytes, Duration, FileMode, Float32
from stackferry.grammar.compose.tree.node import Node
from stackferry.grammar.diagnostics import Diagnostics
from tests.grammar.making import HERE, loaded, tree


def project(text: str, disabled: str = "{}") -> Project:
    """The project of a tree in long syntax."""
    report = Diagnostics()
    off = typed(tree(f"services: {disabled}"), report).get("services") or Node({})
    made = assemble(typed(tree(text), report), Disabled(off.value, {}), "shop", HERE, {"A": "1"})
    assert list(report) == []
    return made


def service(keys: str) -> Service:
    return project(f"services: {{w: {{{keys}}}}}").services["w"]


def test_an_empty_tree_is_an_empty_project() -> None:
    assert project("{}") == Project(name="shop", directory=HERE, environment={"A": "1"})


def test_a_service_of_which_nothing_is_said_has_only_its_name() -> None:
    assert service("") == Service(name="w")


@pytest.mark.parametrize(
    ("keys", "field", "expected"),
    [
        ("image: x", "image", "x"),
        ("cpus: 0.1", "cpus", Float32(0.1)),
        ("mem_limit: 64m", "mem_limit", Bytes(67_108_864)),
        ("stop_grace_period: 0s", "stop_grace_period", Duration(0)),
        ("attach: false", "attach", False),
        ("tty: false", "tty", False),
        ("init: null", "init", None),
        ("cap_add: [B, A]", "cap_add", ("B", "A")),
        ("command: a b", "command", ("a", "b")),
        ("command: []", "command", ()),
        ("command: null", "command", None),
        ("environment: {B: , A: 1}", "environment", {"A": "1", "B": None}),
        ("extra_hosts: ['h=::1,1.1.1.1']", "extra_hosts", {"h": ("::1", "1.1.1.1")}),
        ("ulimits: {core: 5}", "ulimits", {"core": Ulimit(single=5)}),
        ("ulimits: {core: 0}", "ulimits", {"core": Ulimit(soft=0, hard=0)}),
        ("ulimits: {core: {soft: 1, hard: 2}}", "ulimits", {"core": Ulimit(soft=1, hard=2)}),
        ("networks: {a: , b: {aliases: [x]}}", "networks", {"a": None, "b": NetworkAttachment(aliases=("x",))}),
        ("models: {m: , n: {model_var: V}}", "models", {"m": None, "n": ModelBinding(model_var="V")}),
        ("ports: [{target: 80, published: '1-2'}]", "ports", (Port(target=80, published=PortRange("1-2")),)),
        ("restart: 'on-failure:3'", "restart", Restart("on-failure:3")),
        ("pull_refresh_after: 1d", "pull_refresh_after", Period("1d")),
        ("pid: 'service:d'", "pid", Namespace("service:d")),
        ("user: 1", "user", User("1")),
        ("expose: [80]", "expose", (Exposed("80"),)),
        ("links: ['d:e']", "links", (Link("d:e"),)),
        ("tmpfs: /x", "tmpfs", (TmpfsMount("/x"),)),
        ("volumes_from: ['d:ro']", "volumes_from", (VolumesFrom("d:ro"),)),
        ("depends_on: {d: {required: false}}", "depends_on", {"d": Dependency(required=False)}),
        ("secrets: [{source: s, mode: 0400}]", "secrets", (FileReference(source="s", mode=FileMode(0o400)),)),
        ("env_file: [{path: a, required: false}]", "env_file", (EnvFile(path="a", required=False),)),
        ("healthcheck: {test: x, retries: 0}", "healthcheck", Healthcheck(test=("CMD-SHELL", "x"), retries=0)),
        ("deploy: {replicas: 0}", "deploy", Deploy(replicas=0)),
        ("deploy: null", "deploy", None),
        (
            "volumes: [{type: bind, source: /a, target: /b, bind: {create_host_path: true}}]",
            "volumes",
            (Mount(type="bind", source="/a", target="/b", bind=BindOptions(create_host_path=True)),),
        ),
        (
            "blkio_config: {weight_device: [{path: /d}]}",
            "blkio_config",
            BlockIo(weight_device=(WeightDevice(path="/d"),)),
        ),
        (
            "provider: {type: t, options: {o: [1, b], p: c}}",
            "provider",
            Provider(type="t", options={"o": ("1", "b"), "p": ("c",)}),
        ),
    ],
)
def test_fields(keys: str, field: str, expected: object) -> None:
    made = service(keys)

    entries: dict[str, Any] = {field: expected}
    assert made == Service(name="w", **entries)
    assert type(getattr(made, field)) is type(expected)
    if isinstance(expected, tuple):
        assert list(map(type, getattr(made, field))) == list(map(type, expected))


def test_x_keys_are_plain_values_on_every_level_that_has_them() -> None:
    made = project(
        "x-top: {b: [1, null], a: 2.5}\n"
        "services: {w: {x-own: {k: [v]}, ports: [{target: 1, x-port: true}], healthcheck: {x-health: null}}}\n"
        "volumes: {v: {x-volume: text}}\n"
    )

    assert made.extensions == {"x-top": {"a": 2.5, "b": [1, None]}}
    assert made.services["w"].extensions == {"x-own": {"k": ["v"]}}
    assert made.services["w"].ports[0].extensions == {"x-port": True}
    assert made.services["w"].healthcheck == Healthcheck(extensions={"x-health": None})
    assert made.volumes == {"v": Volume(extensions={"x-volume": "text"})}


def test_x_keys_of_a_record_without_room_for_them_are_left_out() -> None:
    assert service("env_file: [{path: a, x-note: 1}]").env_file == (EnvFile(path="a"),)


def test_an_x_key_called_as_a_field_is_no_field() -> None:
    made = project("services: {x-image: {image: y, x-image: z}}\nx-services: {a: b}")

    assert list(made.services) == ["x-image"]
    assert made.services["x-image"] == Service(name="x-image", image="y", extensions={"x-image": "z"})
    assert made.extensions == {"x-services": {"a": "b"}}


def test_two_records_do_not_share_what_they_were_made_with() -> None:
    made = project("services: {a: {x-note: 1, labels: {l: 1}}, b: {}}").services

    assert made["b"] == Service(name="b")
    assert made["a"].labels is not made["b"].labels


def test_services_keep_their_order_and_those_that_are_off_are_apart() -> None:
    made = project("services: {b10: {}, b9: {image: x}}", "{off: {image: y, profiles: [p]}}")

    assert list(made.services) == ["b9", "b10"]
    assert made.disabled == {"off": Service(name="off", image="y", profiles=("p",))}


def test_the_name_of_the_project_is_the_one_that_was_settled() -> None:
    made = project("{name: written, services: {w: {image: x}}}")

    assert (made.name, made.directory, made.environment) == ("shop", HERE, {"A": "1"})


def test_resources() -> None:
    made = project(
        "networks: {n: {ipam: {config: [{subnet: 10.0.0.0/8, aux_addresses: {a: 10.0.0.1}}]}}, m: }\n"
        "volumes: {v: , w: {external: true, name: out}}\n"
        "configs: {c: {content: text}}\n"
    )

    pool = IpamPool(subnet="10.0.0.0/8", aux_addresses={"a": "10.0.0.1"})
    assert made.networks == {"m": Network(), "n": Network(ipam=Ipam(config=(pool,)))}
    assert made.volumes == {"v": Volume(), "w": Volume(external=True, name="out")}
    assert made.configs == {"c": Config(content="text")}


@pytest.mark.parametrize("spelling", ["{nofile: 5}", "{nofile: '5'}"])
def test_the_model_of_a_loaded_stack_is_made_once(spelling: str) -> None:
    stack = loaded(f"services: {{web: {{image: x, ulimits: {spelling}}}}}")

    assert stack.project is stack.project
    assert stack.project.services["web"].ulimits == {"nofile": Ulimit(single=5)}
    assert (stack.project.name, stack.project.directory) == ("shop", HERE)


@pytest.mark.parametrize(
    ("target", "field"),
    [(Service(name="w"), "image"), (Project(name="p", directory="/"), "services"), (Port(1), "mode")],
)
def test_nobody_changes_the_model(target: Any, field: str) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(target, field, None)


JOBS = """\
services: {web: {image: x}}
jobs:
  nightly:
    image: app
    depends_on: {web: {condition: service_started}}
    env_file: [one.env]
    environment: {B: mine}
    networks: [back]
    volumes: ["data:/data"]
    umask: "027"
    triggers: {manual: false, schedule: ["0 3 * * *", {cron: "@daily", timezone: UTC, concurrency: queue, x-a: 1}]}
  off: {image: app, profiles: [tools], triggers: {manual: true}}
networks: {back: {}}
volumes: {data: {}}
"""


def test_jobs_have_what_they_run_with_though_no_service_uses_it() -> None:
    found = loaded({"compose.yaml": JOBS, "one.env": "A=1\nB=2\n"})
    nightly = found.project.jobs["nightly"]

    assert nightly.environment == {"A": "1", "B": "mine"}
    assert (nightly.name, nightly.umask, nightly.depends_on) == ("nightly", 0o27, {"web": Dependency()})
    assert nightly.triggers == Triggers(
        manual=False,
        schedule=(
            Schedule("0 3 * * *"),
            Schedule("@daily", timezone="UTC", concurrency="queue", extensions={"x-a": 1}),
        ),
    )
    assert list(found.project.disabled_jobs) == ["off"]
    assert ("data" in found.project.volumes, "volumes" in found.canonical()) == (True, False)
    assert found.canonical()["jobs"]["nightly"]["env_file"] == [{"path": f"{HERE}/one.env"}]


def test_a_container_before_the_start_has_what_its_service_says() -> None:
    text = """\
services:
  web:
    image: x
    user: root
    environment: {A: "1", B: "2"}
    volumes: ["data:/data"]
    pre_start:
      - {command: [init], environment: [B=3], umask: 0}
      - {image: y, user: nobody, per_replica: "true", volumes: ["/tmp:/t"]}
volumes: {data: {}}
"""
    first, second = loaded(text).project.services["web"].pre_start

    assert (first.image, first.user, first.command) == ("x", "root", ("init",))
    assert first.environment == {"A": "1", "B": "3"}
    assert (first.umask, first.volumes, first.per_replica) == (0, (), False)
    assert (second.image, second.user, second.environment) == ("y", "nobody", {"A": "1", "B": "2"})
    assert ([mount.target for mount in second.volumes], second.per_replica) == (["/t"], True)


def test_what_a_container_takes_over_was_written_elsewhere() -> None:
    found = loaded("services: {web: {image: x, user: u, pre_start: [{command: [a]}]}}")
    written = {".".join(map(str, path)) for path, _ in Loaded.keys(found)}

    assert "services.web.pre_start.0.command" in written
    assert "services.web.pre_start.0.user" not in written
