"""What is known of the environment of a base image."""

import pytest

from stackferry.grammar.dockerfile.facts.base_environment import is_bare, may_set


@pytest.mark.parametrize(
    "reference", ["debian", "debian:12", "library/alpine:3", "docker.io/library/ubuntu", "scratch"]
)
def test_a_bare_system_sets_nothing_but_path(reference):
    assert is_bare(reference)
    assert may_set(reference, "PATH")
    assert not may_set(reference, "VERSION")


@pytest.mark.parametrize("reference", [None, "app", "registry.example.com/debian", "team/debian:1"])
def test_an_image_that_is_not_known_may_set_anything(reference):
    assert not is_bare(reference)
    assert may_set(reference, "VERSION")


def test_an_image_whose_environment_is_known():
    assert may_set("python:3.12", "PYTHON_VERSION")
    assert not may_set("python:3.12", "VERSION")
