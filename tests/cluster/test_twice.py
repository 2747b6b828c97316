"""Applying a stack again: nothing changes unless the file did, and then the cluster follows the file."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cluster.converted import convert, explained
from tests.cluster.kube import Kube
from tests.cluster.server import Object
from tests.cluster.transitions import TRANSITIONS
from tests.cluster.typed import commands, remove

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures" / "kubernetes"
SIDES = pytest.mark.parametrize("server_side", [True, False], ids=["server", "client"])

OURS = "app.kubernetes.io/instance={},app.kubernetes.io/managed-by=stackferry"
MERGED = "a port gets a second protocol"
"""kubectl merges the ports of a Service by their number (kubernetes/kubernetes#39188); `explain` says so."""


@SIDES
@pytest.mark.parametrize("name", sorted(path.name for path in FIXTURES.iterdir()))
def test_the_same_again_changes_nothing(api: Kube, name: str, server_side: bool) -> None:
    manifests = convert(FIXTURES / name, api.namespace)
    api.apply(manifests.text, server_side)
    before = _versions(api, manifests.objects)
    api.apply(manifests.text, server_side)
    after = _versions(api, manifests.objects)
    _clear(api, manifests.objects)

    assert before == after


@SIDES
@pytest.mark.parametrize("name", sorted(TRANSITIONS))
def test_after_a_change_the_cluster_is_what_the_file_says(
    api: Kube, tmp_path: Path, name: str, server_side: bool
) -> None:
    environment = commands(api, tmp_path / "bin")
    for content in TRANSITIONS[name]:
        (tmp_path / "compose.yaml").write_text(f"name: shop\n{content}\n")
        manifests = convert(tmp_path, api.namespace)
        # Before, as docker compose does it: a node port may move from one service to another.
        remove(tmp_path, manifests, environment)
        api.apply(manifests.text, server_side)
    wrong = [*_differences(api, manifests.objects), *_left_over(api, manifests.objects)]
    _clear(api, api.everything(OURS.format("shop")))
    if name == MERGED and not server_side:
        assert any("kubernetes-protocols" in row["codes"] for row in explained(tmp_path))
        return

    assert wrong == []


def _versions(api: Kube, bodies: list[Object]) -> dict[str, tuple[Any, Any]]:
    found = {}
    for body in bodies:
        live = api.server.get(body, api.namespace)
        assert live, f"{_id(body)} is not there"
        # The server writes a claim anew at each server-side apply, also one in which nothing is different.
        version = live["spec"] if body["kind"] == "PersistentVolumeClaim" else live["metadata"]["resourceVersion"]
        found[_id(body)] = live["metadata"].get("generation"), version
    return found


def _differences(api: Kube, bodies: list[Object]) -> Iterator[str]:
    for body in bodies:
        live = api.server.get(body, api.namespace)
        if live is None:
            yield f"{_id(body)} is not there"
        elif body["kind"] == "Secret":
            yield from _differing(_id(body), body.get("data", {}), live.get("data", {}))
        else:
            yield from _differing(_id(body), body, live)


def _differing(where: str, ours: Any, live: Any) -> Iterator[str]:
    """Every value that we wrote and that is not live."""
    if isinstance(ours, dict) and isinstance(live, dict):
        for key, value in ours.items():
            yield from _differing(f"{where}.{key}", value, live.get(key))
    elif isinstance(ours, list) and isinstance(live, list):
        if len(ours) != len(live):
            yield f"{where}: {len(live)} items instead of {len(ours)}"
        for number, (mine, its) in enumerate(zip(ours, live, strict=False)):
            yield from _differing(f"{where}[{number}]", mine, its)
    # The server leaves out what is empty, and writes quantities its own way: 1000m as 1.
    elif ours != live and (ours or live is not None) and ".resources." not in where:
        yield f"{where} is {live!r} instead of {ours!r}"


def _left_over(api: Kube, bodies: list[Object]) -> Iterator[str]:
    wanted = {_id(body) for body in bodies}
    for live in api.everything(OURS.format("shop")):
        if _id(live) not in wanted and live["kind"] != "PersistentVolumeClaim":
            yield f"{_id(live)} is left"
        if live["kind"] == "Service" and live["spec"].get("clusterIP") == "None":
            ours = next((body for body in bodies if _id(body) == _id(live)), live)
            if ours["spec"].get("clusterIP") != "None":
                yield f"{_id(live)} is headless, and the file does not say so"


def _clear(api: Kube, bodies: list[Object]) -> None:
    """Node ports are shared by all namespaces, and this one never ends."""
    for body in bodies:
        if body["kind"] == "Service":
            api.server.delete(body, api.namespace)


def _id(body: Object) -> str:
    return f"{body['kind']}/{body['metadata']['name']}"
