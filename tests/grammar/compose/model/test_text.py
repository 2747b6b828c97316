"""The model as text: set and unset fields, every kind of value on its own line."""

import dataclasses
from typing import Any

import pytest

from stackferry.grammar.compose.model.attachments import Port
from stackferry.grammar.compose.model.model import Service
from stackferry.grammar.compose.model.runtime import Healthcheck
from stackferry.grammar.compose.model.text import describe
from stackferry.grammar.compose.syntax.units import Bytes, Duration, FileMode, Float32
from tests.grammar.making import loaded

STACK = """\
services:
  web:
    image: nginx
    command: [nginx, -g, daemon off;]
    cpus: 0.1
    deploy: {replicas: 0, resources: {limits: {memory: 1.5g, cpus: "0.10"}}}
    environment: {A: "", B: }
    extra_hosts: [one=10.0.0.1, one=10.0.0.2]
    healthcheck: {test: curl -f x, interval: 90s, retries: 0}
    init: false
    labels: {"a: b": "x\\ny"}
    networks: {back: {priority: 5}, default: }
    ports: ["127.0.0.1:8080:80/udp", 443]
    privileged: true
    secrets: [{source: token, mode: 0440}]
    tty: false
    ulimits: {nofile: 5, nproc: {soft: 1, hard: 2}}
    volumes: ["data:/data:ro"]
    x-note: {b: [1, {c: null}], a: []}
  off: {image: off, profiles: [tools]}
networks: {back: {}}
volumes: {data: }
secrets: {token: {file: ./t}}
x-top: true
"""

TEXT = """\
name = 'shop'
directory = '/home/me/shop'
services:
  web: Service
    name = 'web'
    command = ['nginx', '-g', 'daemon off;']
    cpus = 0.1
    environment:
      A = ''
      B = None
    extra_hosts:
      one = ['10.0.0.1', '10.0.0.2']
    image = 'nginx'
    init = False
    labels:
      a: b = 'x\\ny'
    networks:
      back: NetworkAttachment
        priority = 5
      default = None
    privileged = True
    secrets:
      [0]: FileReference
        source = 'token'
        target = '/run/secrets/token'
        mode = 0440
    ulimits:
      nofile: Ulimit
        single = 5
      nproc: Ulimit
        soft = 1
        hard = 2
    volumes:
      [0]: Mount
        type = 'volume'
        target = '/data'
        source = 'data'
        read_only = True
        volume: VolumeOptions
    healthcheck: Healthcheck
      test = ['CMD-SHELL', 'curl -f x']
      interval = 1m30s
      retries = 0
    ports:
      [0]: Port
        target = 80
        published = '8080'
        host_ip = '127.0.0.1'
        protocol = 'udp'
      [1]: Port
        target = 443
    deploy: Deploy
      replicas = 0
      resources: Resources
        limits: Resource
          cpus = 0.1
          memory = 1610612736 bytes
    extensions:
      x-note:
        a = []
        b:
          [0] = 1
          [1]:
            c = None
disabled:
  off: Service
    name = 'off'
    image = 'off'
    networks:
      default = None
    profiles = ['tools']
networks:
  back: Network
    name = 'shop_back'
  default: Network
    name = 'shop_default'
volumes:
  data: Volume
    name = 'shop_data'
secrets:
  token: Secret
    name = 'shop_token'
    file = '/home/me/shop/t'
environment:
  PWD = '/home/me/shop'
  COMPOSE_PROJECT_NAME = 'shop'
extensions:
  x-top = True
"""


def test_a_stack_with_every_kind_of_value() -> None:
    assert describe(loaded(STACK).project) == TEXT


@pytest.mark.parametrize(
    ("part", "text"),
    [
        (Port(80), "target = 80\n"),
        (Port(80, protocol="tcp", mode="ingress"), "target = 80\n"),
        (
            (Port(80), Port(53, protocol="udp")),
            "[0]: Port\n  target = 80\n[1]: Port\n  target = 53\n  protocol = 'udp'\n",
        ),
        ({"a": Port(80), "b": None}, "a: Port\n  target = 80\nb = None\n"),
        (("sh", "-c"), "[0] = 'sh'\n[1] = '-c'\n"),
        ([{"a": []}, {}, ()], "[0]:\n  a = []\n[1] = {}\n[2] = []\n"),
        (Duration(90_000_000_000), "1m30s\n"),
        (Bytes(1 << 30), "1073741824 bytes\n"),
        (FileMode(0o440), "0440\n"),
        (Float32(0.1), "0.1\n"),
        ("two\nlines", "'two\\nlines'\n"),
        (None, "None\n"),
    ],
    ids=str,
)
def test_a_part_of_a_model(part: Any, text: str) -> None:
    assert describe(part) == text


@pytest.mark.parametrize("nothing", [Healthcheck(), {}, (), []], ids=repr)
def test_where_nothing_is_set_nothing_is_said(nothing: Any) -> None:
    assert describe(nothing) == ""


@pytest.mark.parametrize(
    ("fields", "line"),
    [
        ({"init": False}, "init = False"),
        ({"attach": False}, "attach = False"),
        ({"scale": 0}, "scale = 0"),
        ({"stop_grace_period": Duration(0)}, "stop_grace_period = 0s"),
        ({"shm_size": Bytes(0)}, "shm_size = 0 bytes"),
        ({"cpus": Float32(0)}, "cpus = 0"),
        ({"command": ()}, "command = []"),
        ({"user": ""}, "user = ''"),
        ({"healthcheck": Healthcheck()}, "healthcheck: Healthcheck"),
        ({"environment": {"A": None}}, "environment:\n  A = None"),
    ],
    ids=repr,
)
def test_zero_is_not_unset(fields: dict[str, Any], line: str) -> None:
    assert describe(Service("web", **fields)) == f"name = 'web'\n{line}\n"


@pytest.mark.parametrize(
    "fields",
    [{"command": None}, {"privileged": False}, {"ports": ()}, {"labels": {}}, {"extensions": {}}, {"user": None}],
    ids=repr,
)
def test_a_default_is_left_out_although_it_was_given(fields: dict[str, Any]) -> None:
    assert describe(Service("web", **fields)) == "name = 'web'\n"


def test_a_value_keeps_to_its_line_whatever_stands_in_it() -> None:
    web = Service("web", labels={"a\nb": "c\n  d = 'e'", "f": "\x1b[0m"}, command=("x\ny",))

    assert describe(web).splitlines() == [
        "name = 'web'",
        r"command = ['x\ny']",
        "labels:",
        "  'a\\nb' = \"c\\n  d = 'e'\"",
        r"  f = '\x1b[0m'",
    ]


@pytest.mark.parametrize(
    "field", [one for one in dataclasses.fields(Service) if one.type is bool], ids=lambda one: one.name
)
def test_every_switch_of_a_service_shows_when_it_is_on(field: "dataclasses.Field[Any]") -> None:
    switched: dict[str, Any] = {field.name: True}

    assert describe(Service("web", **switched)) == f"name = 'web'\n{field.name} = True\n"
