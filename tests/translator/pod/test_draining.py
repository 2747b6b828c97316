"""Services that others call end with a pause; others, and those that stop before their replacement starts, do not."""

from typing import Any

import pytest

from stackferry.grammar.compose.model.attachments import Hook, Mount
from stackferry.grammar.compose.model.deploy import Deploy
from stackferry.grammar.compose.model.resources import Volume
from stackferry.grammar.compose.syntax.units import Duration
from stackferry.translator import Options
from tests.translator.making import body_of, codes, container, ids, pod, service, translated

DATA = {"volumes": (Mount("volume", "/data", "data"),)}


@pytest.mark.parametrize(
    ("keys", "grace"),
    [
        ({}, 15),
        ({"stop_grace_period": Duration(60_000_000_000)}, 65),
        ({"image": "me/worker"}, None),
        (DATA, None),
        ({**DATA, "scale": 2}, 15),
        ({"deploy": Deploy(mode="replicated-job")}, None),
        ({"network_mode": "none"}, None),
    ],
    ids=str,
)
def test_pause(keys: dict[str, Any], grace: int | None) -> None:
    found = translated(service(**keys), volumes={"data": Volume()})
    kind = "Job" if "deploy" in keys else "Deployment"
    name = next(each for each in ids(found.objects) if each.startswith(f"{kind}/"))

    assert ("lifecycle" in container(found, name)) is (grace is not None)
    assert pod(found, name).get("terminationGracePeriodSeconds") == grace


def test_what_the_service_does_at_its_end_comes_after_the_pause() -> None:
    found = translated(service(pre_stop=(Hook(command=("bye",)),)))

    assert container(found)["lifecycle"]["preStop"]["exec"]["command"][2] == "sleep 5; bye"


def test_an_old_cluster_knows_no_pause() -> None:
    found = translated(service(), options=Options(kubernetes=29))

    assert "lifecycle" not in container(found)
    assert codes(found) == ["no-pause"]


def test_replicas_have_a_budget() -> None:
    found = translated(service(scale=2), service("db", environment={"WEB": "http://web"}))

    assert body_of(found, "PodDisruptionBudget/web")["spec"]["maxUnavailable"] == 1
    assert "PodDisruptionBudget/db" not in ids(found.objects)
    assert codes(found) == ["no-check"]
