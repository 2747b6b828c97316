"""Values that depart from the table."""

from typing import Any

import pytest

from stackferry.grammar.compose.model.attachments import Logging, Provider
from stackferry.grammar.compose.model.resources import Network
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
    assert not [note for note in parted.notes if note.kind is Kind.EXACT]
