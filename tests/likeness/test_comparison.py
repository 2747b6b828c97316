"""The comparison of two runs, without running anything."""

import subprocess
from pathlib import Path
from types import MappingProxyType

import pytest

from stackferry.grammar.compose.load import Request, load
from stackferry.grammar.compose.model.model import Project
from stackferry.grammar.files import Memory
from tests.likeness.comparison import _BEHIND, Difference, behind, differences, unannounced
from tests.likeness.facts import Facts, Questions, argv, facts, starts

STACK = """\
services:
  web:
    image: x
    hostname: shop
    user: "1000"
    environment: {TOKEN: a}
    volumes: ["./work:/work", "data:/data"]
    secrets: [key]
    depends_on: [db]
  db:
    image: x
    networks: {default: {aliases: [database]}}
    ports: ["5432:5432"]
volumes: {data: {}}
secrets: {key: {file: ./key}}
"""


def project() -> Project:
    return load(Request(), files=Memory({"compose.yaml": STACK, "key": "k"}, "/here"), environment={}).project


def seen(**answers: str) -> Facts:
    return Facts(MappingProxyType({tuple(question.split("__")): answer for question, answer in answers.items()}))


def test_what_is_the_same_is_no_difference() -> None:
    assert list(differences({"web": seen(name__db="known")}, {"web": seen(name__db="known")})) == []


def test_every_difference_is_found() -> None:
    here = {"web": seen(name__db="known", env__A="1"), "job": Facts(code=0)}
    there = {"web": seen(name__db="unknown", env__B="1"), "job": Facts(code=1)}

    assert list(differences(here, there)) == [
        Difference("job", ("code",), "0", "1"),
        Difference("web", ("env", "A"), "1", None),
        Difference("web", ("env", "B"), None, "1"),
        Difference("web", ("name", "db"), "known", "unknown"),
    ]


@pytest.mark.parametrize(
    ("fact", "key"),
    [
        (("env", "TOKEN"), "services.web.environment.TOKEN"),
        (("file", "/work/a/b"), "services.web.volumes[0]"),
        (("mode", "/run/secrets/key"), "services.web.secrets[0]"),
        (("owner", "/data"), "services.web.volumes[1]"),
        (("name", "database"), "services.db.networks.default.aliases"),
        (("port", "db", "5432"), "services.db.ports"),
        (("host",), "services.web.hostname"),
        (("user",), "services.web.user"),
        (("order", "db"), "services.web.depends_on.db"),
    ],
)
def test_the_keys_behind_a_difference(fact: tuple[str, ...], key: str) -> None:
    assert key in behind(Difference("web", fact, "a", "b"), project())


def test_one_network_for_all_explains_what_is_reached_not_what_is_lost() -> None:
    more, less = (Difference("web", ("name", "db"), *found) for found in (("unknown", "known"), ("known", "unknown")))

    assert "networks.default" in behind(more, project())
    assert "networks.default" not in behind(less, project())


def test_a_key_that_nobody_wrote_is_behind_nothing() -> None:
    keys = behind(Difference("db", ("file", "/x"), "a", None), project())

    assert keys == []


def row(key: str, fate: str) -> dict[str, str]:
    return {"key": key, "fate": fate}


def test_an_announced_difference_is_fine() -> None:
    rows = [row("services.web.secrets[0].source", "exact"), row("services.web.secrets[0].mode", "approximated")]

    assert list(unannounced([Difference("web", ("mode", "/run/secrets/key"), "444", "644")], project(), rows)) == []


def test_an_exact_key_in_a_difference_is_told() -> None:
    rows = [row("services.web.environment.TOKEN", "exact"), row("services.db.ports[0]", "approximated")]
    (said,) = unannounced([Difference("web", ("env", "TOKEN"), "a", "b")], project(), rows)

    assert said.endswith("services.web.environment.TOKEN (exact) announced it")


def test_what_the_platforms_do_by_themselves_is_no_key() -> None:
    assert list(unannounced([Difference("db", ("host",), "a", "b")], project(), [])) == []
    assert len(list(unannounced([Difference("web", ("host",), "a", "b")], project(), []))) == 1


def test_start_order() -> None:
    assert starts({"db": 1.0, "web": 2.0}, [("db", "web"), ("web", "db"), ("gone", "web")]) == {
        ("db", "web"): True,
        ("web", "db"): False,
    }


def test_the_script_answers_all_that_is_asked(tmp_path: Path) -> None:
    """Here it runs with the host's sh and tools, which differ from busybox's only in what is not used."""
    (tmp_path / "a b").write_text("text")
    questions = Questions(("localhost", "no.such.name.invalid"), (("localhost", 1),), (str(tmp_path),))
    done = subprocess.run(
        ["busybox", *argv(questions)],
        env={"PATH": "/usr/bin:/bin", "TOKEN": "a\tb\nc"},
        capture_output=True,
        text=True,
        check=False,
    )
    answers = facts(done.stdout).answers

    assert answers["name", "localhost"] == "known"
    assert answers["env", "TOKEN"] == "a b c"
    assert answers["name", "no.such.name.invalid"] == "unknown"
    assert answers["port", "localhost", "1"] == "closed"
    assert answers["mode", f"{tmp_path}/a b"] in ("644", "600", "664")
    assert answers["writable", str(tmp_path)] == "yes"
    assert {question[0] for question in answers} <= set(_BEHIND)
