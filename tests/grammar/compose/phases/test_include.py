"""Included files: their own folder and variables, conflicts, and errors."""

import pytest

from tests.grammar.making import FILE, codes, config, warnings

OTHER = "services:\n  db: {image: '${IMAGE:-none}', build: .}\nvolumes: {data: {}}\n"


@pytest.mark.parametrize(
    ("include", "image", "context"),
    [
        ("[sub/o.yaml]", "sub", "/home/me/shop/sub"),
        ("[{path: sub/o.yaml}]", "sub", "/home/me/shop/sub"),
        ("[{path: sub/o.yaml, env_file: other.env}]", "other", "/home/me/shop/sub"),
        ("[{path: sub/o.yaml, project_directory: .}]", "top", "/home/me/shop"),
        ("[{path: [sub/o.yaml, over.yaml]}]", "over", "/home/me/shop/sub"),
    ],
)
def test_where_its_paths_and_variables_come_from(include: str, image: str, context: str) -> None:
    files = {
        FILE: f"include: {include}\n",
        "sub/o.yaml": OTHER,
        "sub/.env": "IMAGE=sub\n",
        ".env": "",
        "other.env": "IMAGE=other\n",
        "over.yaml": "services: {db: {image: over}}\n",
    }
    if "project_directory" in include:
        files[".env"] = "IMAGE=top\n"
    found = config(files)["services"]["db"]

    assert (found["image"], found["build"]["context"]) == (image, context)


def test_the_environment_wins_over_the_variables_of_an_included_file() -> None:
    files = {FILE: "include: [sub/o.yaml]\n", "sub/o.yaml": OTHER, "sub/.env": "IMAGE=sub\n"}

    assert config(files, environment={"IMAGE": "mine"})["services"]["db"]["image"] == "mine"


def test_the_same_definition_twice_is_no_conflict() -> None:
    files = {
        FILE: "include: [o.yaml]\nvolumes: {data: {}}\nservices: {a: {image: x, volumes: ['data:/d']}}\n",
        "o.yaml": OTHER,
    }

    assert set(config(files)["services"]) == {"a", "db"}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("include: o.yaml\n", "1:10 wrong-type"),
        ("include: [1]\n", "1:11 wrong-type"),
        ("include: [{env_file: a}]\n", "1:11 missing-key"),
        ("include: [{path: 1}]\n", "1:18 wrong-type"),
        ("include: [{path: o.yaml, project_directory: [a]}]\n", "1:45 wrong-type"),
        (f"include: [{{path: o.yaml, project_directory: {'a' * 2000}}}]\n", "1:45 wrong-type"),
        ("include: [no.yaml]\n", "1:11 file-unreadable"),
        ("include: [o.yaml]\nvolumes: text\n", "2:10 wrong-type"),
        ("include: [https://x/y.yaml]\n", "1:11 remote-refused"),
        ("include: [{path: o.yaml, env_file: no.env}]\n", "1:36 env-file-missing"),
        ("include: [compose.yaml]\n", "1:11 include-cycle"),
    ],
)
def test_what_is_refused_and_where(text: str, code: str) -> None:
    assert code in codes({FILE: text, "o.yaml": OTHER})


def test_an_unknown_key_is_a_warning() -> None:
    assert "1 unknown-key" in warnings(
        {FILE: "include: [{path: o.yaml, pth: a}]\n", "o.yaml": "services: {a: {image: x}}\n"}
    )


PART = """\
services:
  db: {image: postgres, environment: [A=theirs, B=theirs], ports: ["80:80"], volumes: ["./there:/data"]}
networks: {back: {labels: [a=theirs]}}
"""


def test_what_is_included_can_be_said_again_and_the_including_file_wins() -> None:
    text = """\
include: [o.yaml]
services:
  db: {environment: {B: mine}, ports: ["81:81"], volumes: !override ["./here:/data"], networks: [back]}
  web: {extends: db, command: [run]}
networks: {back: {labels: {a: mine}}}
"""
    found = config({FILE: text, "o.yaml": PART})
    db, web = found["services"]["db"], found["services"]["web"]

    assert db["environment"] == {"A": "theirs", "B": "mine"}
    assert [port["published"] for port in db["ports"]] == ["80", "81"]
    assert [mount["source"] for mount in db["volumes"]] == ["/home/me/shop/here"]
    assert (web["image"], web["command"]) == ("postgres", ["run"])
    assert found["networks"]["back"]["labels"] == {"a": "mine"}


def test_what_comes_twice_is_the_same_once() -> None:
    files = {
        FILE: "include: [a.yaml, b.yaml]\nservices: {web: {image: x}}\n",
        "a.yaml": "include: [o.yaml]\n",
        "b.yaml": "include: [o.yaml]\n",
        "o.yaml": "services: {db: {image: y, security_opt: [a]}}\n",
    }

    assert config(files)["services"]["db"]["security_opt"] == ["a"]


def test_no_env_file_at_all() -> None:
    files = {
        FILE: "include: [{path: sub/o.yaml, env_file: /dev/null}]\nservices: {web: {image: x}}\n",
        "sub/o.yaml": "services: {db: {image: 'y:${TAG-none}'}}\n",
        "sub/.env": "TAG=1\n",
    }

    assert config(files)["services"]["db"]["image"] == "y:none"
