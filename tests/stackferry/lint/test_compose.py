"""The Dockerfiles that a compose file names or contains."""

import os

import pytest

from stackferry.grammar.diagnostics import SourceError
from stackferry.lint.compose import Inline, dockerfiles_of
from stackferry.session import Session


@pytest.fixture
def found(here):
    """A function: what is found in a compose file, by its text."""

    def find(text, path="compose.yaml"):
        (here / path).parent.mkdir(parents=True, exist_ok=True)
        (here / path).write_text(text)
        return [
            (one.path, one.text) if isinstance(one, Inline) else (one.path, str(one.origin))
            for one in dockerfiles_of(path, Session(dict(os.environ)))
        ]

    return find


def test_contexts_and_dockerfiles(found, here):
    text = """\
services:
  bare: {build: ./bare}
  named: {build: {context: app, dockerfile: docker/Dockerfile-web}}
  above: {build: {context: app, dockerfile: ../x.dockerfile}}
  default: {build: {dockerfile: web.dockerfile}}
  image: {image: nginx}
"""

    assert found(text) == [
        ("x.dockerfile", "compose.yaml:4:45"),
        ("bare/Dockerfile", "compose.yaml:2:17"),
        ("web.dockerfile", "compose.yaml:5:33"),
        ("app/docker/Dockerfile-web", "compose.yaml:3:45"),
    ]


def test_by_name(found):
    assert [path for path, _ in found("services: {b: {build: b}, a: {build: a}}\n")] == ["a/Dockerfile", "b/Dockerfile"]


def test_relative_to_the_compose_file(found):
    assert found("services: {web: {build: ../web}}\n", "deep/compose.yaml")[0][0] == "web/Dockerfile"


def test_absolute_as_the_compose_file(found, here):
    (here / "compose.yaml").write_text("services: {web: {build: web}}\n")
    [named] = dockerfiles_of(f"{here}/compose.yaml", Session(dict(os.environ)))

    assert named.path == f"{here}/web/Dockerfile"


def test_outside_of_the_working_directory(found, here):
    assert found("services: {web: {build: ../..}}\n")[0][0] == str(here.parent.parent / "Dockerfile")


def test_a_name_in_lower_case(found, here):
    (here / "web").mkdir()
    (here / "web" / "dockerfile").touch()

    assert found("services: {web: {build: web}}\n")[0][0] == "web/dockerfile"


def test_every_profile(found):
    assert len(found("services: {a: {build: a, profiles: [x]}, b: {build: b}}\n")) == 2


@pytest.mark.parametrize("context", ["https://example.com/a.git#main", "git@example.com:a/b.git", "github.com/a/b"])
def test_what_is_built_from_elsewhere_is_passed_over(found, context):
    assert found(f"services: {{web: {{build: '{context}'}}}}\n") == []


def test_inline(found):
    text = (
        "services:\n  web:\n    build:\n      dockerfile_inline: |\n        FROM alpine\n        RUN echo $$A ${B:-b}\n"
    )

    assert found(text) == [("compose.yaml", "FROM alpine\nRUN echo $A b\n")]


def test_what_is_included_and_extended(found, here):
    (here / "db").mkdir()
    (here / "db" / "compose.yaml").write_text("services: {db: {build: .}}\n")
    (here / "base").mkdir()
    (here / "base" / "base.yaml").write_text("services: {base: {build: ctx}}\n")
    text = "include: [db/compose.yaml]\nservices: {web: {extends: {file: base/base.yaml, service: base}}}\n"

    assert sorted(found(text)) == [
        ("base/ctx/Dockerfile", "base/base.yaml:1:26"),
        ("db/Dockerfile", "db/compose.yaml:1:24"),
    ]


@pytest.mark.parametrize("text", ["services: [", "services: {web: {bild: x}}", "", "services: {web: {build: 1}}"])
def test_a_broken_file(found, text):
    with pytest.raises(SourceError):
        found(text)


@pytest.mark.parametrize(
    "text", ["services: {web: {ports: ['80:80']}}", "services: {web: {build: a, env_file: no.env}}"]
)
def test_half_a_stack_will_do(found, text):
    """An override alone, or one whose env files are elsewhere: nothing of that is about its Dockerfiles."""
    found(text)
