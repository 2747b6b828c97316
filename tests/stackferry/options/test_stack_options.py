"""The options that choose the stack: the same for every command, on either side of it."""

import json

import pytest

WEB = "services: {web: {image: nginx}}\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ("-f", "one.yaml", "config", "--services"),
        ("config", "-f", "one.yaml", "--services"),
        ("--file", "one.yaml", "config", "--services"),
        ("config", "--services", "--file=one.yaml"),
    ],
)
def test_file_before_or_after_the_command(here, stackferry, arguments):
    (here / "one.yaml").write_text(WEB)

    assert stackferry(*arguments) == (0, "web\n", "")


def test_files_on_both_sides_add_up_in_order(here, stackferry):
    (here / "one.yaml").write_text(WEB)
    (here / "two.yaml").write_text("services: {web: {image: httpd}}\n")

    assert stackferry("-f", "one.yaml", "config", "-f", "two.yaml", "--images").out == "httpd\n"
    assert stackferry("-f", "two.yaml", "config", "-f", "one.yaml", "--images").out == "nginx\n"


def test_the_later_project_name_wins(here, stackferry):
    (here / "compose.yaml").write_text(WEB)

    outcome = stackferry("-p", "first", "config", "-p", "second", "--format", "json")

    assert json.loads(outcome.out)["name"] == "second"


def test_profiles_add_up(here, stackferry):
    (here / "compose.yaml").write_text(
        "services: {a: {image: a}, b: {image: b, profiles: [x]}, c: {image: c, profiles: [y]}}\n"
    )

    assert stackferry("config", "--services").out == "a\n"
    assert stackferry("--profile", "x", "config", "--profile", "y", "--services").out == "a\nb\nc\n"


def test_env_files(here, stackferry):
    (here / "compose.yaml").write_text("services: {web: {image: 'nginx:${TAG}'}}\n")
    (here / ".env").write_text("TAG=1\n")
    (here / "other.env").write_text("TAG=2\n")

    assert stackferry("config", "--images").out == "nginx:1\n"
    assert stackferry("--env-file", "other.env", "config", "--images").out == "nginx:2\n"


def test_project_directory(here, stackferry, monkeypatch):
    (here / "deep").mkdir()
    (here / "deep" / "compose.yaml").write_text("services: {web: {build: ./app}}\n")

    outcome = stackferry("-f", "deep/compose.yaml", "config", "--project-directory", str(here), "--format", "json")

    assert json.loads(outcome.out)["services"]["web"]["build"]["context"] == str(here / "app")


def test_standard_input(here, stackferry, monkeypatch):
    import io
    import sys

    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(WEB.encode())))

    assert stackferry("-f", "-", "config", "--services") == (0, "web\n", "")


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [("COMPOSE_FILE", "other.yaml", "other\n"), ("COMPOSE_PROFILES", "x", "extra\nweb\n")],
)
def test_environment(here, stackferry, monkeypatch, name, value, expected):
    (here / "compose.yaml").write_text("services: {web: {image: a}, extra: {image: b, profiles: [x]}}\n")
    (here / "other.yaml").write_text("services: {other: {image: a}}\n")
    monkeypatch.setenv(name, value)

    assert stackferry("config", "--services").out == expected
