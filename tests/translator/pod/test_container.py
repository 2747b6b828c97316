"""Command and entrypoint, and the plain fields of a container."""

from typing import Any

import pytest

from tests.translator.making import codes, container, service, translated


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ({}, {}),
        ({"command": ()}, {}),
        ({"command": ("a", "$(b)", "$C")}, {"args": ["a", "$$(b)", "$C"]}),
        ({"entrypoint": ("sh",)}, {"command": ["sh"]}),
        ({"entrypoint": ("sh",), "command": ("-c", "")}, {"command": ["sh"], "args": ["-c", ""]}),
        ({"entrypoint": (), "command": ("a",)}, {"command": ["a"]}),
    ],
    ids=str,
)
def test_command(keys: dict[str, Any], expected: dict[str, Any]) -> None:
    found = container(translated(service(**keys)))

    assert {key: found[key] for key in ("command", "args") if key in found} == expected


def test_entrypoint_alone_cannot_be_cleared() -> None:
    assert codes(translated(service(entrypoint=()))) == ["empty-entrypoint"]


def test_plain_fields() -> None:
    found = container(translated(service(working_dir="/app", tty=True, stdin_open=True, container_name="My_Web")))

    assert (found["workingDir"], found["tty"], found["stdin"], found["name"]) == ("/app", True, True, "my-web")


def test_defaults_are_not_written() -> None:
    assert container(translated(service(image="me/app:1"))) == {
        "name": "web",
        "image": "me/app:1",
        "imagePullPolicy": "IfNotPresent",
    }
