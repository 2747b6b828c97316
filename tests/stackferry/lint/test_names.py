"""Kinds of files by name."""

import pytest

from stackferry.lint.names import is_compose_file, is_dockerfile, is_script, looks_like_dockerfile, why_not

DOCKERFILES = (
    *("Dockerfile", "dockerfile", "DOCKERFILE", "Containerfile", "Dockerfile.prod", "Dockerfile-web", "Dockerfile_web"),
    *("prod.Dockerfile", "web.dockerfile", "my.containerfile", "web-Dockerfile", "a_dockerfile", "Containerfile.dev"),
    *("Dockerfile.alpine3.20", "Dockerfile.", "docker/prod/Dockerfile-web", ".devcontainer/Dockerfile", ".dockerfile"),
)
OTHERS = (
    *("Dockerfile.j2", "Dockerfile.md", "Dockerfile.py", "Dockerfile.erb", "Dockerfile.in", "Dockerfile.tmpl"),
    *("Dockerfile.template", "Dockerfile.test.js", "Dockerfile.dockerignore", "web.Dockerfile.J2", ".dockerignore"),
    *("Dockerfiles", "MyDockerfile", "dockerfiles.txt", "Dockerfile+x", "compose.yaml", "docker-compose.yml", "README"),
    *("Dockerfile/x", "Dockerfile.yml", "web.dockerfile.bak"),
)


@pytest.mark.parametrize("path", DOCKERFILES)
def test_dockerfiles(path):
    assert is_dockerfile(path)


@pytest.mark.parametrize("path", OTHERS)
def test_others(path):
    assert not is_dockerfile(path)


@pytest.mark.parametrize(
    "path", ["Dockerfile.j2", "x/Dockerfile.TMPL", "web.dockerfile.jinja", "Dockerfile.in", "a.j2"]
)
def test_templates(path):
    assert "template" in why_not(path)


@pytest.mark.parametrize("path", [".dockerignore", "Dockerfile.dockerignore", ".containerignore"])
def test_lists_of_what_a_build_does_not_see(path):
    assert "excluded from builds" in why_not(path)


@pytest.mark.parametrize("path", [*DOCKERFILES, "Dockerfile.md", "anything", "in", "x.sh", "plugin"])
def test_whatever_else_is_named_is_linted(path):
    assert why_not(path) == ""


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("compose.yaml", True),
        ("a/docker-compose.prod.YML", True),
        ("stack.yaml", True),
        ("Dockerfile.yaml", False),
        ("Dockerfile", False),
        ("yaml", False),
    ],
)
def test_compose_files(path, expected):
    assert is_compose_file(path) is expected


SCRIPT = "#!/bin/sh\n# lints\nset -e\nhadolint Dockerfile\n"


@pytest.mark.parametrize("path", ["lint-dockerfile", "bin/build_dockerfile", "Dockerfile-lint", "dockerfile_build"])
def test_scripts(path):
    assert is_script(path, SCRIPT)


@pytest.mark.parametrize("path", ["Dockerfile", "web.dockerfile", "Dockerfile.web", "lint-it", "lint-dockerfile.dev"])
def test_a_name_that_leaves_no_doubt(path):
    assert not is_script(path, SCRIPT)


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("lint-dockerfile", "# a comment\n\n  FROM alpine\n", False),
        ("lint-dockerfile", "arg A\nFROM $A\n", False),
        ("lint-dockerfile", "\ufeffFROM alpine\n", False),
        ("lint-dockerfile", "", False),
        ("lint-dockerfile", "#!/usr/bin/env docker\nFROM alpine\n", False),
        ("lint-dockerfile", "env A=1 make\n", True),
        ("lint-dockerfile", "RUN a\n", True),
        ("Dockerfile-web", "RUN a\n", False),
        ("Dockerfile-web", "FRO alpine\n", True),
    ],
)
def test_the_first_instruction(path, text, expected):
    assert is_script(path, text) is expected


def test_the_word_alone():
    assert looks_like_dockerfile("Dockerfile.j2")
    assert not looks_like_dockerfile("compose.yaml")
