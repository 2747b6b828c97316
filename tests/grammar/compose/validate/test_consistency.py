"""Errors that only the whole stack shows: each rule, its code and its span."""

from typing import Any

import pytest

from stackferry.grammar.compose.tree.node import Node
from stackferry.grammar.compose.validate.consistency import RULES, Known
from tests.grammar.making import codes, loaded, problems

STACK = """\
services:
  web:
    image: x
    {0}
  db: {{image: y}}
  off: {{image: z, profiles: [p]}}
networks: {{n: {{}}}}
secrets: {{s: {{file: f}}}}
"""


@pytest.mark.parametrize(
    ("keys", "code"),
    [
        ("depends_on: [no]", "4:18 undefined-service"),
        ("depends_on: [off]", "4:18 disabled-service"),
        ("links: [no]", "4:13 undefined-service"),
        ("volumes_from: [no]", "4:20 undefined-service"),
        ("network_mode: service:no", "4:5 undefined-service"),
        ("networks: [no]", "4:16 undefined-network"),
        ("volumes: ['no:/t']", "4:15 undefined-volume"),
        ("secrets: [no]", "4:15 undefined-secret"),
        ("configs: [no]", "4:15 undefined-config"),
        ("models: [no]", "4:14 undefined-model"),
        ("depends_on: [web]", "4:18 dependency-cycle"),
        ("healthcheck: {test: [curl, x]}", "4:26 health-test"),
        ("deploy: {replicas: -1}", "4:14 wrong-value"),
        ("tmpfs: [/t, '/t:size=1m']", "4:17 duplicate-mount"),
        ("develop: {watch: [{path: a, action: sync}]}", "4:23 watch-target"),
    ],
)
def test_what_is_refused_and_where(keys: str, code: str) -> None:
    if code:
        assert code in codes(STACK.format(keys))


@pytest.mark.parametrize(
    ("keys", "code"),
    [
        ("scale: 2\n    deploy: {replicas: 3}", "contradiction"),
        ("scale: 2\n    container_name: one", "contradiction"),
        ("cpus: 1\n    deploy: {resources: {limits: {cpus: 2}}}", "contradiction"),
        ("network_mode: host\n    networks: [n]", "exclusive"),
        ("build: {dockerfile: a, dockerfile_inline: b}", "exclusive"),
        ("platform: linux/arm64\n    build: {context: ., platforms: [linux/amd64]}", "platform"),
    ],
)
def test_values_that_contradict_each_other(keys: str, code: str) -> None:
    assert code in {one.split()[-1] for one in codes(STACK.format(keys))}


@pytest.mark.parametrize(
    "keys",
    [
        "depends_on: {off: {condition: service_started, required: false}}",
        "scale: 2\n    deploy: {replicas: 2}",
        "networks: [n, default]",
        "volumes: ['/anonymous', './a:/b']",
        "healthcheck: {test: [NONE]}",
        "develop: {watch: [{path: a, action: rebuild}]}",
    ],
)
def test_what_holds_together(keys: str) -> None:
    assert loaded(STACK.format(keys)).name == "shop"


def test_a_service_needs_something_to_run_and_a_container_name_is_one_services_own() -> None:
    text = "services:\n  a: {user: x}\n  b: {image: x, container_name: one}\n  d: {image: x, container_name: one}\n"

    assert codes(text) == ["2:3 no-image", "4:17 contradiction"]


@pytest.mark.parametrize("kind", ["secrets", "configs"])
def test_a_file_without_a_source_is_not_called_none(kind: str) -> None:
    (found,) = problems(f"services: {{a: {{image: x, {kind}: [{{}}]}}}}\n")

    assert f"service 'a': uses a {kind[:-1]} without naming it" in found


def test_a_circle_of_links_stands_at_its_service() -> None:
    assert codes("services:\n  a: {image: x, links: [b]}\n  b: {image: x, links: [a]}\n") == ["2:3 dependency-cycle"]


def _without(service: Node, keys: frozenset[str]) -> Node:
    return Node({key: child for key, child in service.value.items() if key not in keys})


def _name(value: Any) -> str:
    return getattr(value, "__name__", "")


@pytest.mark.parametrize(("rule", "keys"), RULES.items(), ids=_name)
def test_a_rule_is_not_asked_about_a_service_that_cannot_break_it(rule: Any, keys: frozenset[str]) -> None:
    """Everything that the table of refusals breaks, in one service, all but the keys of this rule."""
    nothing: dict[str, dict[str, Node]] = {kind: {} for kind in ("networks", "volumes", "configs", "secrets", "models")}
    nobody = Known({}, {}, {}, nothing, frozenset(), lambda name, known: "")
    everything = loaded(ALL_WRONG, check_consistency=False, normalise=False).tree.value["services"].value["web"]

    assert list(rule("web", everything, nobody))
    assert list(rule("web", _without(everything, keys), nobody)) == []


ALL_WRONG = """\
services:
  web:
    build: {context: ., dockerfile: a, dockerfile_inline: b}
    network_mode: service:nobody
    networks: [no]
    healthcheck: {test: [curl, x]}
    depends_on: [no]
    volumes: ['no:/t', 'no:/t']
    tmpfs: [/t]
    configs: [no]
    secrets: [no]
    models: [no]
    scale: 2
    mem_limit: 1m
    deploy: {replicas: -1, resources: {limits: {memory: 2m}}}
    develop: {watch: [{path: a, action: sync}]}
"""


JOBS = """\
services:
  a: {{image: x{0}}}
  off: {{image: x, profiles: [p]}}
jobs:
  {1}: {{triggers: {{manual: true}}{2}}}
  k: {{triggers: {{manual: true}}}}
"""


@pytest.mark.parametrize(
    ("service", "name", "job", "said"),
    [
        (", depends_on: [k]", "j", "", ["2:30 undefined-service"]),
        ("", "j", ", depends_on: [no, a, k]", ["5:46 undefined-service"]),
        ("", "a", "", ["5:3 contradiction"]),
        ("", "off", ", profiles: [p]", ["5:3 contradiction"]),
    ],
)
def test_jobs(service: str, name: str, job: str, said: list[str]) -> None:
    assert codes(JOBS.format(service, name, job)) == said


def test_nothing_else_of_a_job_is_held_against_the_stack() -> None:
    assert loaded(JOBS.format("", "j", ", networks: [no], volumes: ['no:/t']")).diagnostics == ()
