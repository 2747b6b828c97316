"""Whether a word is a service of the stack: in its files, in all profiles, and in unreadable files."""

import os

import pytest

from stackferry.lookup.service_names import Meant, meant_by
from stackferry.session import Session

COMPOSE = """
include: [more.yaml]
services:
  web: {image: nginx, env_file: absent.env, volumes: ["nosuch:/data"]}
  debug: {image: busybox, profiles: [debug]}
volumes: {data: {}}
"""


@pytest.fixture
def meant(secluded):
    def ask(word, compose=COMPOSE, files=()):
        if compose is not None:
            (secluded / "compose.yaml").write_text(compose)
        (secluded / "more.yaml").write_text("services: {included: {image: redis}}\n")
        return meant_by(Session(dict(os.environ)), word, files)

    return ask


@pytest.mark.parametrize("word", ["web", "debug", "included"])
def test_services_of_all_files_and_profiles_even_if_they_could_not_run(meant, word):
    assert meant(word) == Meant(service=True)


@pytest.mark.parametrize("word", ["data", "nginx", "image"])
def test_no_service(meant, word):
    assert meant(word) == Meant(service=False)


def test_a_slip_is_seen(meant):
    assert meant("wbe") == Meant(service=False, like="did you mean 'web'?")


def test_a_job_is_one(meant):
    assert meant("tidy", "jobs: {tidy: {image: busybox, triggers: [{type: manual}]}}\n").service


def test_no_stack(meant):
    assert meant("web", None) == Meant(service=False)


def test_a_stack_that_cannot_be_read_has_what_it_mentions(meant, monkeypatch):
    assert meant("web", "services: {web: {imag: nginx}}\n").service
    assert not meant("nginx", "services: {web: {imag: nginx}}\n").service
    monkeypatch.setenv("COMPOSE_FILE", "nosuch.yaml")
    assert meant("nginx").service


def test_files_of_the_line(meant, secluded):
    (secluded / "other.yaml").write_text("services: {api: {image: nginx}}\n")
    (secluded / "Dockerfile").write_text("FROM nginx\nENV api=web\n")

    assert meant("api", files=["other.yaml"]).service
    assert not meant("api", files=["Dockerfile"]).service
    assert not meant("api", files=["nosuch"]).service


def test_standard_input_is_left_for_the_command(meant, monkeypatch):
    monkeypatch.setenv("COMPOSE_FILE", "-")

    assert meant("nginx").service
