"""The user of a service's process."""

import pytest

from stackferry.grammar.compose.model.build import Build
from stackferry.grammar.compose.model.model import Service
from stackferry.grammar.files import Memory
from stackferry.translator.host import Host
from stackferry.translator.image_facts.identity import Identity, identity
from tests.translator.making import HERE, service


def who(said: Service, dockerfile: str = "") -> tuple[int, int] | None:
    found = identity(said, Host(Memory({"Dockerfile": dockerfile}, HERE)))
    return None if found is None else (found.user, found.group)


@pytest.mark.parametrize(
    ("user", "expected"),
    [
        ("1000", (1000, 1000)),
        ("1000:50", (1000, 50)),
        ("0:0", (0, 0)),
        ("root", (0, 0)),
        ("app", None),
        ("9" * 12, None),
    ],
)
def test_user(user: str, expected: tuple[int, int] | None) -> None:
    assert who(service(user=user)) == expected


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        ("postgres:16", (999, 999)),
        ("docker.io/library/postgres:16-alpine", (70, 70)),
        ("redis:7-alpine@sha256:abc", (999, 1000)),
        ("bitnami/postgresql:16", (1001, 1001)),
        ("localhost:5000/postgres", None),
        ("gitea/gitea:1", None),
        ("gitea/gitea:1-rootless", (1000, 1000)),
        ("nginx:1", None),
    ],
)
def test_image(image: str, expected: tuple[int, int] | None) -> None:
    assert who(service(image=image)) == expected


@pytest.mark.parametrize(
    ("dockerfile", "expected"),
    [
        ("FROM alpine\nUSER 1000:5\n", (1000, 5)),
        ("FROM alpine\nRUN addgroup -g 7 app && adduser -D -u 1001 app\nUSER app\n", (1001, 1001)),
        ("FROM debian AS base\nRUN useradd --uid=33 --gid 44 -m app\nFROM base\nUSER app\n", (33, 44)),
        ("FROM alpine\nRUN adduser -D app\nUSER app\n", None),
        ("FROM alpine\nARG WHO\nUSER $WHO\n", None),
        ("FROM postgres:16\nCOPY x /x\n", (999, 999)),
        ("FROM alpine\n", None),
        ("", None),
    ],
)
def test_local_dockerfile(dockerfile: str, expected: tuple[int, int] | None) -> None:
    assert who(service(image="mine", build=Build(context=HERE)), dockerfile) == expected


def test_stage_that_is_built() -> None:
    text = "FROM alpine AS dev\nUSER 5\nFROM alpine\nUSER 6\n"

    assert who(service(build=Build(context=HERE, target="dev")), text) == (5, 5)
    assert who(service(build=Build(context=HERE, target="other")), text) is None
    assert who(service(build=Build(context="https://example.org/x.git"))) is None


def test_root() -> None:
    assert Identity(0, 0, "user").is_root
