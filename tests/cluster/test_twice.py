"""A stack that is applied again: nothing changes unless the file did, and then the cluster becomes what it says."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cluster.converted import convert
from tests.cluster.kube import Kube, text
from tests.cluster.server import Object
from tests.cluster.transitions import TRANSITIONS

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures" / "kubernetes"
SIDES = pytest.mark.parametrize("server_side", [True, False], ids=["server", "client"])

OURS = "app.kubernetes.io/instance={},app.kubernetes.io/managed-by=stackferry"
PRUNED = (
    *("core/v1/ConfigMap", "core/v1/Secret", "core/v1/Service", "core/v1/ServiceAccount"),
    *("apps/v1/Deployment", "apps/v1/StatefulSet", "apps/v1/DaemonSet", "batch/v1/Job", "batch/v1/CronJob"),
    *("networking.k8s.io/v1/Ingress", "networking.k8s.io/v1/NetworkPolicy"),
    *("autoscaling/v2/HorizontalPodAutoscaler", "policy/v1/PodDisruptionBudget"),
)
"""What goes when the file no longer says it. Claims stay, as volumes do with `docker compose up --remove-orphans`."""


def prune_words(project: str) -> tuple[str, ...]:
    """What a client-side `kubectl apply` is told beside -f so that what the stack no longer has goes."""
    return ("--prune", "-l", OURS.format(project), *(f"--prune-allowlist={kind}" for kind in PRUNED))


def apply_and_prune(api: Kube, manifests: list[Object], project: str, server_side: bool) -> None:
    """What we tell people to do. kubectl refuses --prune with --server-side, so there the rest goes by its name."""
    if not server_side:
        api.apply(text(manifests), False, *prune_words(project))
        return
    api.apply(text(manifests))
    kinds = ",".join(kind.rpartition("/")[2] for kind in PRUNED)
    there = api.kubectl("get", kinds, "-l", OURS.format(project), "-o", "name").out.split()
    wanted = set(api.kubectl("create", "--dry-run=client", "-f", "-", "-o", "name", stdin=text(manifests)).out.split())
    rest = [name for name in there if name not in wanted]
    assert not rest or api.kubectl("delete", "--wait=false", *rest).code == 0


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
    for content in TRANSITIONS[name]:
        (tmp_path / "compose.yaml").write_text(f"name: shop\n{content}\n")
        manifests = convert(tmp_path, api.namespace).objects
        apply_and_prune(api, manifests, "shop", server_side)
    wrong = [*_differences(api, manifests), *_left_over(api, manifests)]
    _clear(api, api.everything(OURS.format("shop")))

    assert wrong == []


def _versions(api: Kube, bodies: list[Object]) -> dict[str, tuple[Any, Any]]:
    found = {}
    for one in bodies:
        live = api.server.get(one, api.namespace)
        assert live, f"{_id(one)} is not there"
        # The server writes a claim anew at each server-side apply, also one in which nothing is different.
        version = live["spec"] if one["kind"] == "PersistentVolumeClaim" else live["metadata"]["resourceVersion"]
        found[_id(one)] = live["metadata"].get("generation"), version
    return found


def _differences(api: Kube, bodies: list[Object]) -> Iterator[str]:
    for one in bodies:
        live = api.server.get(one, api.namespace)
        if live is None:
            yield f"{_id(one)} is not there"
        elif one["kind"] == "Secret":
            yield from _differing(_id(one), one.get("data", {}), live.get("data", {}))
        else:
            yield from _differing(_id(one), one, live)


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
    wanted = {_id(one) for one in bodies}
    for one in api.everything(OURS.format("shop")):
        if _id(one) not in wanted and one["kind"] != "PersistentVolumeClaim":
            yield f"{_id(one)} is left"
        if one["kind"] == "Service" and one["spec"].get("clusterIP") == "None":
            ours = next((body for body in bodies if _id(body) == _id(one)), one)
            if ours["spec"].get("clusterIP") != "None":
                yield f"{_id(one)} is headless, and the file does not say so"


def _clear(api: Kube, bodies: list[Object]) -> None:
    """Node ports are shared by all namespaces, and this one never ends."""
    for one in bodies:
        if one["kind"] == "Service":
            api.server.delete(one, api.namespace)


def _id(body: Object) -> str:
    return f"{body['kind']}/{body['metadata']['name']}"
