"""Which images are built, from what, and in which order."""

import pytest

from stackferry.emulator.desired.builds import BuildSpec, build_options, build_specs, in_order, platform_of
from stackferry.emulator.desired.jobs import run_by_hand
from stackferry.emulator.engine.image import BuildSecret, Linked
from stackferry.grammar.compose.load import Request, load
from stackferry.grammar.compose.model.build import Build
from stackferry.grammar.compose.model.terms import Platform
from stackferry.grammar.diagnostics import StackferryError
from stackferry.grammar.files import Memory
from tests.emulator.stacks import HERE, loaded


def specs(text: str, **environment: str) -> dict[str, BuildSpec]:
    stack, _ = loaded(text, **environment)
    return {one.service: one for one in build_specs(stack.project, stack.origin)}


CHAIN = """
name: s
services:
  app: {build: {context: ./app, additional_contexts: {b: 'service:my.base', more: ./more, i: docker-image://x}}}
  my.base: {image: own/base:1, build: {context: ./base, additional_contexts: {r: 'service:root'}}}
  root: {build: ./root}
  other: {image: x}
"""


def test_what_it_copies_from_comes_first() -> None:
    found = specs(CHAIN)

    assert [*found] == ["app", "my.base", "root"]
    assert [one.service for one in in_order([found["app"]])] == ["root", "my.base", "app"]
    assert [one.service for one in in_order(found.values())] == ["root", "my.base", "app"]
    options = build_options(found["app"])
    assert options.contexts == {"b": "target:my_2e_base", "more": f"{HERE}/more", "i": "docker-image://x"}
    base = build_options(found["my.base"])
    assert options.linked == {"my_2e_base": Linked(f"{HERE}/base", base)}
    assert base.linked == {"root": Linked(f"{HERE}/root", build_options(found["root"]))}
    assert base.tags == ("own/base:1",)


def test_builds_that_wait_for_each_other() -> None:
    text = """
name: s
services:
  a: {build: {context: ., additional_contexts: {x: 'service:b'}}}
  b: {build: {context: ., additional_contexts: {x: 'service:a'}}}
"""
    with pytest.raises(StackferryError, match=r"depend on each other in a cycle: a -> b -> a"):
        specs(text)


def test_of_what_is_not_asked_for_only_the_build_counts() -> None:
    """With the secrets that it needs; `config` prints nothing of it."""
    text = CHAIN.replace("{build: ./root}", "{build: {context: ./root, secrets: [s]}, secrets: [other]}")
    memory = Memory({"compose.yaml": f"{text}secrets: {{s: {{file: ./s}}, other: {{file: ./o}}}}\n"}, HERE)
    stack = load(Request(services=("app",)), files=memory, environment={})

    assert [*stack.project.services] == ["app"]
    assert [*stack.project.disabled] == ["my.base", "root"]
    assert [*stack.project.secrets] == ["s"]
    assert "secrets" not in stack.canonical()
    assert [one.service for one in in_order(build_specs(stack.project))] == ["root", "my.base", "app"]
    assert [*load(Request(services=("root",)), files=memory, environment={}).project.disabled] == []


def test_a_job_may_copy_from_a_service() -> None:
    text = "jobs: {j: {build: {context: ., additional_contexts: {x: 'service:root'}}, triggers: {manual: true}}}\n"
    stack, _ = loaded(CHAIN + text)
    project = run_by_hand(stack.project, "j")

    assert project is not None
    root, job = in_order(build_specs(project, stack.origin))
    assert [(one.section, one.service) for one in (root, job)] == [("services", "root"), ("jobs", "j")]
    assert str(job.places["additional_contexts"]) == "compose.yaml:8:53"


SECRETS = """
name: s
services:
  a:
    build:
      context: .
      secrets: [file, {source: variable, target: other}, none, {source: external}]
secrets:
  file: {file: ./secret}
  variable: {environment: SECRET}
  none: {environment: NONE}
  external: {external: true, name: stored}
"""


def test_secrets_are_known_and_never_shown() -> None:
    (spec,) = specs(SECRETS, SECRET="sesame").values()

    found = [(one.id, one.file, one.variable, one.external, one.content) for one in spec.secrets]
    assert found == [
        ("file", f"{HERE}/secret", "", "", None),
        ("other", "", "SECRET", "", "sesame"),
        ("none", "", "NONE", "", None),
        ("external", "", "", "stored", None),
    ]
    assert "sesame" not in repr(spec)
    assert [one.content for one in spec.to_show().secrets] == [None] * 4


def test_where_its_keys_are_written() -> None:
    (spec,) = specs(SECRETS).values()

    assert {key: str(span) for key, span in spec.places.items()} == {
        "context": "compose.yaml:6:16",
        "dockerfile": "compose.yaml:6:7",
        "secrets": "compose.yaml:7:16",
    }


def test_every_option_is_passed_on() -> None:
    text = """
name: s
services:
  a:
    build:
      context: .
      dockerfile: D
      args: {A: b}
      target: t
      labels: {l: m}
      cache_from: [c]
      cache_to: ['type=local,dest=x']
      entitlements: [network.host]
      extra_hosts: [h=1.1.1.1, h=2.2.2.2]
      isolation: default
      network: none
      no_cache: true
      no_cache_filter: [t]
      platforms: [linux/arm64, linux/amd64]
      privileged: true
      provenance: mode=max
      pull: true
      sbom: true
      shm_size: 64
      ssh: [default, k=/id]
      tags: [t:2]
      ulimits: {one: 5, two: {soft: 1, hard: 2}}
"""
    (spec,) = specs(text).values()
    secrets = (BuildSecret("x", content=b"y"),)

    found = build_options(spec, {"a": secrets}, "linux/amd64")

    assert found == found.__class__(
        tags=("s-a", "t:2"),
        dockerfile="D",
        args={"A": "b"},
        target="t",
        labels={"l": "m"},
        cache_from=("c",),
        cache_to=("type=local,dest=x",),
        entitlements=("network.host",),
        extra_hosts={"h": ("1.1.1.1", "2.2.2.2")},
        isolation="default",
        network="none",
        platform="linux/amd64",
        privileged=True,
        provenance="mode=max",
        sbom="true",
        no_cache=True,
        no_cache_filter=("t",),
        pull=True,
        secrets=secrets,
        ssh={"default": None, "k": "/id"},
        ulimits={"one": "5", "two": "1:2"},
        shm_size=64,
    )


@pytest.mark.parametrize(
    ("asked", "platforms", "own", "found"),
    [
        ("", (), "linux/amd64", ""),
        ("linux/arm64", ("linux/amd64", "linux/arm64"), "linux/amd64", "linux/arm64"),
        ("", ("linux/arm64", "linux/amd64"), "linux/amd64", "linux/amd64"),
        ("", ("linux/arm64/v8", "amd64"), "linux/arm64", "linux/arm64/v8"),
        ("", ("linux/arm64", "linux/s390x"), "linux/amd64", "linux/arm64"),
        ("", ("linux/arm64",), "", "linux/arm64"),
    ],
)
def test_one_platform_of_those_that_are_asked_for(asked: str, platforms: tuple[str, ...], own: str, found: str) -> None:
    spec = BuildSpec("a", "a", Build(platforms=tuple(Platform(one) for one in platforms)), asked)

    assert platform_of(spec, own) == found
