"""Values whose fate differs from the table."""

from typing import Any

import pytest

from stackferry.grammar.compose.model.attachments import Logging, Provider
from stackferry.grammar.compose.model.resources import Network
from stackferry.grammar.compose.model.runtime import Healthcheck
from stackferry.translator import render_json, render_yaml
from stackferry.translator.manifest.escape import is_refused
from stackferry.translator.notes import Kind
from tests.translator.making import codes, ids, service, translated


@pytest.mark.parametrize(
    ("keys", "noted"),
    [
        ({"logging": Logging(driver="json-file")}, []),
        ({"logging": Logging(driver="gelf")}, ["logging"]),
        ({"pid": "host"}, []),
        ({"pid": "service:db"}, ["pid"]),
        ({"ipc": "shareable"}, []),
        ({"ipc": "private"}, []),
        ({"userns_mode": "host"}, []),
        ({"cgroup": "host"}, ["cgroup"]),
        ({"isolation": "hyperv"}, ["isolation"]),
    ],
    ids=str,
)
def test_value(keys: dict[str, Any], noted: list[str]) -> None:
    assert codes(translated(service(**keys))) == noted


def test_provider_runs_nothing() -> None:
    found = translated(service(image=None, provider=Provider(type="cloud")))

    assert ids(found.objects) == []
    assert codes(found) == ["provider"]


def test_one_network_for_all_separates_nobody() -> None:
    networks = {"net": Network(), "other": Network()}
    flat = translated(
        service(networks={"net": None}), service("db", networks={"net": None, "other": None}), networks=networks
    )
    parted = translated(service(networks={"net": None}), service("db", networks={"other": None}), networks=networks)

    assert ("services", "web", "networks", "net") in {note.path for note in flat.notes if note.kind is Kind.EXACT}
    assert not [note for note in parted.notes if note.kind is Kind.EXACT and "networks" in note.path]


def test_control_characters_in_the_manifest_itself_are_replaced_and_told() -> None:
    found = translated(
        service(command=("echo", "\x7f"), labels={"a": "\u0090"}, healthcheck=Healthcheck(test=("CMD", "\uffff")))
    )

    assert codes(found) == ["control-character"] * 3
    assert not is_refused(render_json(found.objects))
    assert [line.strip() for line in render_yaml(found.objects).splitlines() if "\ufffd" in line] == [
        'a: "\ufffd"',
        '- "\ufffd"',
        '- "\ufffd"',
    ]


@pytest.mark.parametrize("key", ["network_mode", "ipc", "pid"])
def test_a_namespace_of_a_service_of_the_stack_is_that_of_its_pod(key: str) -> None:
    found = translated(service(), service("side", image="app:1", **{key: "service:web"}))

    assert key.replace("_", "-") not in codes(found)
    assert ("services", "side", key) in {one.path for one in found.notes if one.code == "kubernetes-one-pod"}
