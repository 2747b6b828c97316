"""Variables: order, escapes, and secrets that must not be in a Deployment."""

import base64

import pytest

from stackferry.translator import render_json, render_yaml
from tests.translator.making import body_of, codes, container, service, translated


def test_order_and_escapes() -> None:
    found = translated(service(environment={"Z": "1", "A": "$(Z) $HOME $$", "EMPTY": ""}))

    assert container(found)["env"] == [
        {"name": "Z", "value": "1"},
        {"name": "A", "value": "$$(Z) $HOME $$$"},
        {"name": "EMPTY", "value": ""},
    ]


def test_secret_stays_in_its_place_in_the_order() -> None:
    found = translated(service(environment={"A": "1", "DB_PASSWORD": "hunter2", "B": "2"}))
    env = container(found)["env"]
    reference = env[1]["valueFrom"]["secretKeyRef"]

    assert [each["name"] for each in env] == ["A", "DB_PASSWORD", "B"]
    assert reference["key"] == "DB_PASSWORD"
    secret = body_of(found, f"Secret/{reference['name']}")
    assert base64.b64decode(secret["data"]["DB_PASSWORD"]) == b"hunter2"
    assert "hunter2" not in str([each.body for each in found.objects])
    assert "hunter2" not in str(found.notes)


def test_secret_is_renamed_when_it_changes() -> None:
    names = {
        container(translated(service(environment={"TOKEN": value})))["env"][0]["valueFrom"]["secretKeyRef"]["name"]
        for value in ("one", "two")
    }

    assert len(names) == 2


def test_variable_without_a_value_is_left_out_and_said() -> None:
    found = translated(service(environment={"A": None}))

    assert "env" not in container(found)
    assert codes(found) == ["unset-variable"]


@pytest.mark.parametrize("name", ["a.b", "1ST", "with space", "a-b"])
def test_names_that_kubernetes_takes(name: str) -> None:
    assert container(translated(service(environment={name: "x"})))["env"] == [{"name": name, "value": "x"}]


@pytest.mark.parametrize("name", ["naïve", "new\nline", ""])
def test_names_that_it_does_not_take(name: str) -> None:
    assert codes(translated(service(environment={name: "x"}))) == ["variable-name"]


def test_value_that_is_no_utf8_is_what_docker_compose_sends() -> None:
    found = translated(service(environment={"A": "x\udcff", "PASSWORD": "y\udcff"}))

    (secret,) = [each for each in found.objects if each.kind == "Secret"]
    assert base64.b64decode(secret.body["data"]["PASSWORD"]).decode() == "y\ufffd"
    assert 'value: "x\ufffd"' in render_yaml(found.objects)
    assert '"value": "x\ufffd"' in render_json(found.objects)


@pytest.mark.parametrize("value", ["\x7f", "a\u0080", "\ufffe"])
def test_value_that_no_manifest_can_hold_goes_by_way_of_a_secret(value: str) -> None:
    found = translated(service(environment={"A": value, "B": "\x1b[0m"}))

    (secret,) = [each for each in found.objects if each.kind == "Secret"]
    assert base64.b64decode(secret.body["data"]["A"]).decode() == value
    assert container(found)["env"][1] == {"name": "B", "value": "\x1b[0m"}
    assert codes(found) == []


@pytest.mark.parametrize(("size", "noted"), [(131_069, []), (131_070, ["variable-size"])])
def test_more_than_the_kernel_takes_is_told(size: int, noted: list[str]) -> None:
    assert codes(translated(service(environment={"A": "x" * size}))) == noted
